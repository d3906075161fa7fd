package dev.heed.nn;

import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a model records and changes, and whether it trains.
 *
 * <p>Modules pass values through {@link #visit} at named points, for example {@code
 * encoder.layer.3.attention.self.pattern} (the weights after softmax), {@code .scores}, {@code .z}.
 * A trace belongs to one run on one thread; {@link #NONE} records and changes nothing.
 */
public final class Trace implements AutoCloseable {
  /** Inference that records nothing. */
  public static final Trace NONE = new Trace(name -> false, null);

  private final Predicate<String> recorded;
  private final @Nullable Generator dropout;
  private final Map<String, UnaryOperator<Tensor>> replacements = new HashMap<>();
  private final Map<String, List<Tensor>> sources = new LinkedHashMap<>();
  private final Map<String, Tensor> values;
  private boolean checkpointing;
  private @Nullable Taker<?> taker;

  private record Taker<T>(Class<T> kind, BiConsumer<String, T> to) {
    void take(String point, Object value) {
      to.accept(point, kind.cast(value));
    }
  }

  private Trace(Predicate<String> recorded, @Nullable Generator dropout) {
    this(recorded, dropout, new LinkedHashMap<>());
  }

  private Trace(
      Predicate<String> recorded, @Nullable Generator dropout, Map<String, Tensor> values) {
    this.recorded = recorded;
    this.dropout = dropout;
    this.values = values;
  }

  /** Records the values at all points whose full name passes the test. */
  public static Trace record(Predicate<String> points) {
    return new Trace(points, null);
  }

  /** Records nothing yet; replacements and patches may be added. */
  public static Trace changing() {
    return new Trace(name -> false, null);
  }

  /** A training run: dropout draws from this generator. */
  public static Trace training(Generator dropout) {
    return new Trace(name -> false, dropout);
  }

  /** A training run that also records, for example the statistics of {@link BatchNorm}. */
  public static Trace training(Generator dropout, Predicate<String> points) {
    return new Trace(points, dropout);
  }

  /**
   * Computes another value at a point. Changes of one point follow each other: each gets what the
   * one before it made.
   *
   * @param point its full name
   * @param change from the run's value, or the change before, to another of its shape
   * @return this
   * @throws IllegalStateException for {@link #NONE}
   */
  public Trace replace(String point, UnaryOperator<Tensor> change) {
    requireOwn();
    replacements.merge(
        point, change, (earlier, later) -> value -> later.apply(earlier.apply(value)));
    return this;
  }

  /**
   * Computes another value at a point from trained tensors.
   *
   * @param sources what gradients flow to through {@code change}: {@link GradientCheckpoint} asks
   * @return this
   */
  public Trace replace(String point, List<Tensor> sources, UnaryOperator<Tensor> change) {
    this.sources.merge(
        point,
        List.copyOf(sources),
        (earlier, later) -> Stream.concat(earlier.stream(), later.stream()).toList());
    return replace(point, change);
  }

  /**
   * Lets models forget the activations within their layers and compute them again for the
   * gradients; see {@link GradientCheckpoint}.
   *
   * @return this
   */
  public Trace checkpointing() {
    requireOwn();
    checkpointing = true;
    return this;
  }

  /**
   * The same run with room for changes of its own: what is put there does not reach this trace,
   * which holds what both record. There is nothing to close.
   */
  public Trace branch() {
    Trace branch = new Trace(recorded, dropout, values);
    branch.replacements.putAll(replacements);
    branch.sources.putAll(sources);
    branch.checkpointing = checkpointing;
    branch.taker = taker;
    return branch;
  }

  /**
   * Has modules hand over what they can tell besides tensors, for example what weights can be read
   * from: those that know such a thing compute it only then.
   *
   * @param kind of the things
   * @param to gets each with the path of its module, while the module runs
   * @return this
   */
  public <T> Trace taking(Class<T> kind, BiConsumer<String, T> to) {
    requireOwn();
    taker = new Taker<>(kind, to);
    return this;
  }

  /** Whether somebody takes things of a kind. */
  public boolean takes(Class<?> kind) {
    return taker != null && taker.kind() == kind;
  }

  /**
   * Hands a thing over whose kind is {@linkplain #takes taken}.
   *
   * @param path of the module
   */
  public void hand(String path, Object thing) {
    Objects.requireNonNull(taker, "hand: expected a kind that is taken, got another")
        .take(path, thing);
  }

  /** Whether layers forget their activations. */
  public boolean isCheckpointing() {
    return checkpointing;
  }

  /** What the changes at the points of a module and its parts depend on. */
  List<Tensor> sourcesBelow(String path) {
    return sources.entrySet().stream()
        .filter(entry -> path.isEmpty() || entry.getKey().startsWith(path + "."))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  /**
   * Puts a given value at a point, for example one recorded in another run (activation patching),
   * whatever the run and earlier changes have made; later changes get it.
   *
   * @param value of the shape that the run has there
   * @return this
   */
  public Trace patch(String point, Tensor value) {
    return replace(point, ignored -> value);
  }

  private void requireOwn() {
    if (this == NONE) {
      throw new IllegalStateException("Trace.NONE is shared; make one with Trace.changing()");
    }
  }

  /** Whether anybody records or changes this point: costly values are computed only then. */
  public boolean wants(String point) {
    return replacements.containsKey(point) || recorded.test(point);
  }

  /**
   * Passes a value through a point.
   *
   * @return the value, or what replaces it
   */
  public Tensor visit(String point, Tensor value) {
    RunWatch.ask();
    UnaryOperator<Tensor> change = replacements.get(point);
    Tensor result = change == null ? value : change.apply(value);
    if (recorded.test(point)) {
      Tensor earlier = values.put(point, TensorScope.release(result.alias()));
      if (earlier != null) {
        earlier.close();
      }
    }
    return result;
  }

  /** What was recorded, by full name, in the order of the run; freed when the trace closes. */
  public Map<String, Tensor> values() {
    return java.util.Collections.unmodifiableMap(values);
  }

  /**
   * The recorded value of one point.
   *
   * @throws IllegalArgumentException if it was not recorded
   */
  public Tensor value(String point) {
    Tensor value = values.get(point);
    if (value == null) {
      throw new IllegalArgumentException(
          "point " + point + " was not recorded; recorded are " + values.keySet());
    }
    return value;
  }

  /** The generator for dropout of a training run, or null in inference. */
  public @Nullable Generator dropoutGenerator() {
    return dropout;
  }

  /** Frees what was recorded. */
  @Override
  public void close() {
    values.values().forEach(Tensor::close);
    values.clear();
  }
}
