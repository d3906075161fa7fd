package dev.heed.picture.mechanism;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The seeded example that pictures are computed on: a sentence in which words come again, so that
 * what looks at content is told from what looks at places.
 *
 * <p>A word's vector is drawn once and is the same wherever the word stands; a sinusoid of the
 * place is added. Owns the parameters made from {@link #weights}.
 */
final class Sample implements AutoCloseable {
  private static final String DESCRIPTION =
      "computed on a seeded example: equal words have equal vectors, plus a sinusoid of the place";

  private static final List<String> WORDS =
      List.of(
          ("the cat saw the dog and the dog saw the cat and then the cat and the dog saw the bird"
                  + " so both ran")
              .split(" "));

  /** How many words there are. */
  static final int LENGTH = WORDS.size();

  private static final long SEED = 7;
  private static final double WORD_SHARE = 0.75;
  private static final double PLACE_SHARE = 0.6;

  private final Generator generator = new Generator(SEED);
  private String description = DESCRIPTION;
  private final Weights weights = Weights.initialise(generator, DType.F64);
  private final Module owner = new Module(weights) {};

  /** What a picture was computed on. */
  String description() {
    return description;
  }

  /** Says what a picture was computed on, where that is not the sentence of this example. */
  void describe(String other) {
    description = other;
  }

  /** Where all random numbers come from. */
  Generator generator() {
    return generator;
  }

  /** New seeded parameters in double, below a name. */
  Weights weights(String name) {
    return weights.child(name);
  }

  /** The words as keys or queries. */
  static Axis words(String label) {
    return Axis.of(label, WORDS);
  }

  /** The first words. */
  static Axis words(String label, int count) {
    return Axis.of(label, WORDS.subList(0, count));
  }

  /** The words' vectors {@code [1, LENGTH, size]}. */
  Tensor vectors(long size) {
    return vectors(LENGTH, size);
  }

  /** The first words' vectors {@code [1, count, size]}. */
  Tensor vectors(int count, long size) {
    List<String> vocabulary = WORDS.stream().distinct().toList();
    Tensor table;
    try (Generator own = new Generator(SEED)) {
      table = Tensor.randn(own, Shape.of(vocabulary.size(), size), DType.F64);
    }
    long[] ids = WORDS.stream().limit(count).mapToLong(vocabulary::indexOf).toArray();
    Tensor places = SinusoidalPositions.PAPER.table(0, count, size, DType.F64);
    return table
        .embedding(Tensor.of(ids, ids.length), -1)
        .mul(WORD_SHARE)
        .add(places.mul(PLACE_SHARE))
        .unsqueeze(0);
  }

  /** Queries or keys of one head, {@code [1, 1, LENGTH, size]}. */
  Tensor head(long size) {
    return vectors(size).unsqueeze(1);
  }

  /** Normal numbers of these sizes. */
  Tensor normal(long... sizes) {
    return Tensor.randn(generator, Shape.of(sizes), DType.F64);
  }

  /** One-hot tokens {@code [1, count, count]}: each token is a direction of its own. */
  static Tensor oneHot(int count) {
    return Tensor.eye(count, DType.F64).unsqueeze(0);
  }

  /**
   * Lets a module over one-hot tokens show its map: the named maps give the identity, so that its
   * values, and its output, are one-hot again.
   */
  static void identity(Module module, String... maps) {
    for (String map : maps) {
      Tensor weight = parameter(module, map + ".weight");
      weight.assign(Tensor.eye(weight.size(0), weight.dtype()));
      clear(module, map + ".bias");
    }
  }

  /** Lets a map turn the one-hot tokens into the example's words: {@code W e_t = x_t}. */
  void words(Module module, String... maps) {
    for (String map : maps) {
      Tensor weight = parameter(module, map + ".weight");
      Tensor vectors = vectors(Math.toIntExact(weight.size(1)), weight.size(0));
      weight.assign(vectors.squeeze(0).transpose(0, 1));
      clear(module, map + ".bias");
    }
  }

  private static void clear(Module module, String name) {
    module
        .parameters()
        .forEach((full, tensor) -> {
          if (full.endsWith("." + name) || full.equals(name)) {
            tensor.fill(0);
          }
        });
  }

  /** The module's parameter whose name ends so. */
  static Tensor parameter(Module module, String name) {
    return module.parameters().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("." + name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no parameter " + name + " among " + module.parameters().keySet()))
        .getValue();
  }

  /** Some of the numbers as a curve. */
  static CurvePanel.Curve curve(String name, Tensor numbers) {
    return new CurvePanel.Curve(name, Arrays.stream(numbers.toDoubleArray()).boxed().toList());
  }

  /** Numbered columns. */
  static Axis numbered(String label, int from, int count) {
    return Axis.of(label, IntStream.range(from, from + count).mapToObj(String::valueOf).toList());
  }

  @Override
  public void close() {
    owner.close();
    generator.close();
  }
}
