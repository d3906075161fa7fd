package dev.heed.nn;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.PackedLinear;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A path into named parameters, which either reads a checkpoint or initialises.
 *
 * <p>{@code weights.child("layer.0").child("query")} stands for the names that begin with {@code
 * layer.0.query.}: a module asks its path for its parameters, so that building it is loading it and
 * the checkpoint's names are the module's names.
 */
public final class Weights {
  private final ParameterStore store;
  private final String path;
  private final String traced;

  private Weights(ParameterStore store, String path) {
    this(store, path, path);
  }

  private Weights(ParameterStore store, String path, String traced) {
    this.store = store;
    this.path = path;
    this.traced = traced;
  }

  /** The root of a checkpoint; element types stay as stored; parameters are frozen. */
  public static Weights from(WeightSource source) {
    return new Weights(new ParameterStore(source, null, null), "");
  }

  /** The root of a checkpoint whose floating-point tensors are converted to one type. */
  public static Weights from(WeightSource source, DType dtype) {
    return new Weights(new ParameterStore(source, null, dtype), "");
  }

  /** The root of new parameters of one type; they require gradients. */
  public static Weights initialise(Generator generator, DType dtype) {
    return new Weights(new ParameterStore(null, generator, dtype), "");
  }

  /**
   * The same root, whose {@link Linear} maps are also laid out for fast use without gradients.
   *
   * <p>That takes the memory of their weights a second time. Call it before building modules.
   */
  public Weights packed() {
    store.pack();
    return this;
  }

  /**
   * The same root, where some parameters that a checkpoint lacks, or has in another shape, start
   * fresh: a new head on a trained model.
   *
   * <p>Call it before building modules, on a root with an element type.
   *
   * @param random for their first values
   * @param names which parameters may; all others must be in the checkpoint
   */
  public Weights startingFresh(Generator random, Predicate<String> names) {
    store.startFresh(random, names);
    return this;
  }

  /** The names of the parameters that started fresh beside a checkpoint's. */
  public Set<String> startedFresh() {
    return java.util.Collections.unmodifiableSet(store.started());
  }

  /** Maps of one input laid out as one for fast use, or null unless {@link #packed()}. */
  @Nullable PackedLinear packed(List<Tensor> weights, List<Tensor> biases) {
    return store.packed(path, weights, biases);
  }

  /** The path below this one; {@code name} may have several parts. */
  public Weights child(String name) {
    return new Weights(store, name(name), below(traced, name));
  }

  /**
   * The same path for one of several uses of its parameters: modules built here name their points
   * in a {@link Trace} after this use.
   *
   * @param other the path that the points' names begin with
   */
  public Weights tracedAs(String other) {
    return new Weights(store, path, other);
  }

  /** The path below this one with a number as its last part. */
  public Weights child(String name, int index) {
    return child(name + "." + index);
  }

  /** The full path, with dots; empty at the root. */
  public String path() {
    return path;
  }

  /** The full name of something below this path. */
  public String name(String last) {
    return below(path, last);
  }

  private static String below(String path, String last) {
    return path.isEmpty() ? last : last.isEmpty() ? path : path + "." + last;
  }

  /** The full name of a point in a trace. */
  String point(String last) {
    return below(traced, last);
  }

  /** Whether a checkpoint has this name below this path; true when initialising. */
  public boolean has(String name) {
    return store.has(name(name));
  }

  /**
   * The parameter of this name, made or read at the first call and the same one after it.
   *
   * @param name below this path
   * @param initializer how it starts if there is no checkpoint
   * @param sizes what the module expects
   * @throws dev.heed.tensor.ShapeException if the checkpoint's shape differs
   */
  public Tensor parameter(String name, Initializer initializer, long... sizes) {
    return store.parameter(name(name), initializer, Shape.of(sizes));
  }

  /** As {@link #parameter}, but never trained. */
  public Tensor buffer(String name, Initializer initializer, long... sizes) {
    return store.buffer(name(name), initializer, Shape.of(sizes));
  }

  /** Says that names below this path are known and deliberately left unread. */
  public void ignore(String... names) {
    for (String name : names) {
      store.ignore(name(name));
    }
  }

  /** Says that everything below these names is deliberately left unread. */
  public void ignoreBelow(String... names) {
    for (String name : names) {
      store.ignoreBelow(name(name));
    }
  }

  /**
   * Says that a tensor is one that another name stands for (tied weights): a checkpoint may store
   * it a second time if both copies are equal bit by bit.
   *
   * @param name of the second copy, below this path
   * @param tied what the model uses
   * @throws IllegalArgumentException if the checkpoint has another tensor there
   */
  public void requireTied(String name, Tensor tied) {
    if (!store.storesCopyOf(name(name), tied)) {
      throw new IllegalArgumentException(
          name(name)
              + ": expected the tensor that the configuration ties it to, got another one; set"
              + " tie_word_embeddings to false in config.json if the weights are meant to differ");
    }
  }

  /**
   * Whether a tensor may stand for another name: whether a checkpoint has nothing there, or the
   * same bit by bit.
   *
   * @param name of the second copy, below this path
   */
  public boolean isTied(String name, Tensor tied) {
    return store.storesCopyOf(name(name), tied);
  }

  /**
   * Checks that the modules built from this root found all they asked for and left nothing over.
   *
   * @throws WeightsMismatchException naming every missing, unused and misshapen tensor
   */
  public void requireAllUsed() {
    List<String> missing = store.missing();
    List<String> unused = store.unused();
    if (!missing.isEmpty() || !unused.isEmpty() || !store.misshapen().isEmpty()) {
      throw new WeightsMismatchException(missing, unused, store.misshapen());
    }
  }

  /** Frees all that was made from this root: for a model whose construction failed. */
  public void discard() {
    store.close("");
  }

  /** The parameters made so far below this path, by full name, in the order they were made. */
  Map<String, Tensor> parameters() {
    return store.below(path);
  }

  /** All parameters made so far under the same root. */
  java.util.Collection<Tensor> everywhere() {
    return store.below("").values();
  }

  /** The trainable ones among {@link #parameters}. */
  Map<String, Tensor> trainable() {
    return store.trainableBelow(path);
  }

  void close() {
    store.close(path);
  }

  /** Runs in a scope, so that reading and initialising leave nothing behind. */
  static Tensor owned(java.util.function.Supplier<Tensor> make) {
    try (TensorScope scope = TensorScope.open()) {
      return TensorScope.release(make.get());
    }
  }
}
