package dev.heed.nn;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.PackedLinear;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.StoredTensors;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All parameters under one root: where they come from, and which are made, missing or unused. */
final class ParameterStore {
  /** Tensors that a checkpoint may lack before the config is taken for that of another. */
  private static final int MOST_LACKING = 10_000;

  private final @Nullable WeightSource source;
  private final @Nullable Generator generator;
  private final @Nullable DType dtype;
  private final Map<String, Tensor> made = new LinkedHashMap<>();
  private final Set<String> buffers = new HashSet<>();
  private final Set<String> ignored = new HashSet<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> misshapen = new ArrayList<>();
  private final Map<String, PackedLinear> packedMaps = new HashMap<>();
  private final Set<String> started = new LinkedHashSet<>();
  private Predicate<String> fresh = name -> false;
  private @Nullable Generator freshGenerator;
  private boolean packing;

  ParameterStore(
      @Nullable WeightSource source, @Nullable Generator generator, @Nullable DType dtype) {
    this.source = source;
    this.generator = generator;
    this.dtype = dtype;
  }

  void startFresh(Generator random, Predicate<String> names) {
    fresh = names;
    freshGenerator = random;
  }

  /** What a source was given for and that started fresh all the same. */
  Set<String> started() {
    return started;
  }

  void pack() {
    packing = true;
  }

  @Nullable PackedLinear packed(String path, List<Tensor> weights, List<Tensor> biases) {
    boolean lacking = !missing.isEmpty() || !misshapen.isEmpty();
    if (!packing || lacking || !weights.stream().allMatch(PackedLinear::supports)) {
      return null;
    }
    return packedMaps.computeIfAbsent(path, p -> PackedLinear.of(weights, biases));
  }

  boolean has(String name) {
    return source == null || source.names().contains(name);
  }

  Tensor parameter(String name, Initializer initializer, Shape shape) {
    Tensor known = made.get(name);
    if (known != null) {
      requireShape(name, known.shape(), shape);
      return known;
    }
    Tensor tensor =
        source == null || startsFresh(source, name, shape)
            ? initialise(initializer, shape)
            : read(source, name, shape);
    made.put(name, tensor);
    return tensor;
  }

  Tensor buffer(String name, Initializer initializer, Shape shape) {
    buffers.add(name);
    return parameter(name, initializer, shape).requiresGrad(false);
  }

  private boolean startsFresh(WeightSource from, String name, Shape shape) {
    boolean lacking = !from.names().contains(name) || !from.shape(name).equals(shape);
    if (lacking && fresh.test(name)) {
      started.add(name);
      ignored.add(name);
      return true;
    }
    return false;
  }

  private Tensor initialise(Initializer initializer, Shape shape) {
    Generator random =
        java.util.Objects.requireNonNull(generator == null ? freshGenerator : generator);
    DType type = java.util.Objects.requireNonNull(dtype);
    return Weights.owned(() -> initializer.make(shape, type, random).detach().copy())
        .requiresGrad(type.isFloating());
  }

  private Tensor read(WeightSource from, String name, Shape shape) {
    if (!from.names().contains(name)) {
      missing.add(name);
      return placeholder(shape);
    }
    if (!from.shape(name).equals(shape)) {
      misshapen.add(name + ": expected " + shape + ", got " + from.shape(name));
      return placeholder(shape);
    }
    return Weights.owned(() -> {
      Tensor stored = from.read(name);
      if (dtype == null || !stored.dtype().isFloating()) {
        return stored;
      }
      return dtype == DType.F32 ? StoredTensors.widened(stored) : stored.to(dtype);
    });
  }

  /**
   * Stands for what the checkpoint lacks until {@link Weights#requireAllUsed} names it: one number
   * seen everywhere, since a wrong config may ask for more than there is memory.
   */
  private Tensor placeholder(Shape shape) {
    if (missing.size() + misshapen.size() > MOST_LACKING) {
      throw new WeightsMismatchException(missing, List.of(), misshapen);
    }
    DType type = dtype == null ? DType.F32 : dtype;
    return Weights.owned(() ->
        shape.rank() == 0
            ? Tensor.zeros(shape, type)
            : Tensor.zeros(Shape.of(1), type).expand(shape.toArray()));
  }

  private static void requireShape(String name, Shape got, Shape expected) {
    if (!got.equals(expected)) {
      throw new ShapeException(
          "weight "
              + name
              + ": expected "
              + expected
              + " by the configuration, got "
              + got
              + "; check that config.json belongs to these weights");
    }
  }

  private static boolean isAtOrBelow(String name, String path) {
    return path.isEmpty() || name.equals(path) || name.startsWith(path + ".");
  }

  void ignore(String name) {
    ignored.add(name);
  }

  void ignoreBelow(String path) {
    if (source != null) {
      source.names().stream().filter(name -> isAtOrBelow(name, path)).forEach(ignored::add);
    }
  }

  List<String> missing() {
    return missing;
  }

  List<String> misshapen() {
    return misshapen;
  }

  /** Whether the checkpoint's tensor of this name, if there is one, equals another to the bit. */
  boolean storesCopyOf(String name, Tensor other) {
    if (source == null || !source.names().contains(name)) {
      return true;
    }
    ignored.add(name);
    try (TensorScope scope = TensorScope.open()) {
      Tensor stored = source.read(name);
      if (StoredTensors.areSameBytes(stored, other)) {
        return true;
      }
      return stored.shape().equals(other.shape())
          && stored.to(other.dtype()).eq(other).not().sum().itemLong() == 0;
    }
  }

  List<String> unused() {
    return source == null
        ? List.of()
        : source.names().stream()
            .filter(name -> !made.containsKey(name) && !ignored.contains(name))
            .toList();
  }

  Map<String, Tensor> below(String path) {
    return below(path, made);
  }

  private static <T> Map<String, T> below(String path, Map<String, T> all) {
    Map<String, T> found = new LinkedHashMap<>();
    all.forEach((name, value) -> {
      if (isAtOrBelow(name, path)) {
        found.put(name, value);
      }
    });
    return found;
  }

  void close(String path) {
    below(path, made).values().forEach(Tensor::close);
    below(path, packedMaps).values().forEach(PackedLinear::close);
  }

  Map<String, Tensor> trainableBelow(String path) {
    Map<String, Tensor> found = below(path);
    found.keySet().removeAll(buffers);
    found.values().removeIf(tensor -> !tensor.dtype().isFloating());
    return found;
  }
}
