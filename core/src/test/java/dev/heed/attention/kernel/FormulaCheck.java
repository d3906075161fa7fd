package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Output, gradients and weights of exact attention against the formula in double. */
final class FormulaCheck {
  private static final double SCALE = 0.3;

  private record Results(Tensor output, List<Tensor> gradients) {}

  private FormulaCheck() {}

  /** How far each type may be from the formula in double, relative to the largest number. */
  static double tolerance(DType dtype) {
    return switch (dtype) {
      case F64 -> 1e-12;
      case F32 -> 1e-5;
      case F16 -> 2e-3;
      case BF16 -> 1.6e-2;
      default -> throw new IllegalArgumentException(dtype.toString());
    };
  }

  /** Output and gradients; with a modifier against plain loops in double. */
  static void outputAndGradients(
      Sizes sizes, DType dtype, @Nullable AttentionMask mask, @Nullable ScoreModifier modifier) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(11)) {
      Tensor q = sizes.q(generator, dtype);
      Tensor k = sizes.k(generator, dtype);
      Tensor v = sizes.v(generator, dtype);
      // a gradient whose products with the values are about one, whatever their width
      Tensor weights = sizes.output(generator, dtype).mul(1 / Math.sqrt(sizes.values()));
      AttentionSpec spec = spec(sizes, mask).withModifier(modifier);
      Results actual = run(q, k, v, weights, spec, false);
      Results expected =
          run(
              q.to(DType.F64),
              k.to(DType.F64),
              v.to(DType.F64),
              weights.to(DType.F64),
              spec,
              modifier == null);
      assertClose("output", actual.output(), expected.output(), tolerance(dtype));
      for (int i = 0; i < 3; i++) {
        String name = "gradient of " + "qkv".charAt(i);
        assertClose(name, actual.gradients().get(i), expected.gradients().get(i), tolerance(dtype));
      }
    }
  }

  /** Weights on demand: rows that are no neighbours, and a tile across the kernel's own. */
  static void weights(Sizes sizes, DType dtype, @Nullable AttentionMask mask) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(13)) {
      Tensor q = sizes.q(generator, dtype);
      Tensor k = sizes.k(generator, dtype);
      Tensor v = sizes.v(generator, dtype);
      AttentionSpec spec = spec(sizes, mask);
      AttentionWeights actual = ExactAttention.attend(q, k, v, spec).weights();
      Tensor all =
          NaiveAttention.weights(
              q.to(DType.F64), k.to(DType.F64), spec.scaleFor(sizes.width()), mask);
      int batch = sizes.batches() - 1;
      int head = sizes.heads() - 1;
      Tensor expected = all.select(0, batch).select(0, head);
      int row = sizes.queries() / 2;
      int key = sizes.keys() / 3;
      double tolerance = dtype == DType.F64 ? 1e-12 : 1e-5; // q and k are read, nothing is rounded
      assertClose("row", actual.rows(batch, head, row), expected.narrow(0, row, 1), tolerance);
      assertClose(
          "tile",
          actual.tile(batch, head, row, sizes.queries(), key, sizes.keys()),
          expected.narrow(0, row, sizes.queries() - row).narrow(1, key, sizes.keys() - key),
          tolerance);
    }
  }

  /** Scores of a spread that does not grow with the width of a head. */
  private static AttentionSpec spec(Sizes sizes, @Nullable AttentionMask mask) {
    double scale = Math.min(SCALE, 4 / Math.sqrt(sizes.width()));
    return AttentionSpec.plain().withScale(scale).withMask(mask);
  }

  private static Results run(
      Tensor q, Tensor k, Tensor v, Tensor weights, AttentionSpec spec, boolean naive) {
    List<Tensor> inputs =
        List.of(
            q.detach().requiresGrad(true),
            k.detach().requiresGrad(true),
            v.detach().requiresGrad(true));
    Tensor output =
        naive
            ? NaiveAttention.apply(
                inputs.get(0), inputs.get(1), inputs.get(2), spec.scale(), spec.mask())
            : ExactAttention.apply(inputs.get(0), inputs.get(1), inputs.get(2), spec);
    return new Results(output, Gradients.of(output.mul(weights).sum(), inputs));
  }

  private static void assertClose(String what, Tensor actual, Tensor expected, double tolerance) {
    double difference = NaiveAttention.largest(actual.to(DType.F64).sub(expected));
    double size = Math.max(1, NaiveAttention.largest(expected));
    assertThat(difference).as(what).isLessThanOrEqualTo(tolerance * size);
  }
}
