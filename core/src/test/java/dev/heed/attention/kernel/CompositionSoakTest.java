package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.ScoreBias;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.attention.score.ScoreScale;
import dev.heed.attention.score.SoftCap;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Masks, score changes, groups, sizes and types composed at random, against loops in double,
 * forward and half as often backward, from a seed that {@code -Dheed.fuzz.seed} changes; {@code
 * -Dheed.fuzz=2000} tries more.
 */
@Tag("soak")
class CompositionSoakTest {
  private static final long SEED = Long.getLong("heed.fuzz.seed", 20261129);
  private static final int FORWARD = Integer.getInteger("heed.fuzz", 600);
  private static final int BACKWARD = FORWARD / 2;

  /** Multiplications of one case. */
  private static final long MOST = 2_000_000;

  private static final DType[] TYPES = {DType.F32, DType.F32, DType.BF16, DType.F16, DType.F64};

  @Test
  void outputs_equal_loops_in_double() {
    for (int i = 0; i < FORWARD; i++) {
      run(SEED + i, false);
    }
  }

  @Test
  void gradients_equal_loops_in_double() {
    for (int i = 0; i < BACKWARD; i++) {
      run(SEED + FORWARD + i, true);
    }
  }

  private static void run(long seed, boolean gradients) {
    Random random = new Random(seed);
    AttentionPath[] paths = AttentionPath.values();
    AttentionPath path = paths[random.nextInt(paths.length)];
    OnPath.run(path, () -> compare(path, random, seed, gradients));
  }

  private static void compare(AttentionPath path, Random random, long seed, boolean gradients) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(seed)) {
      Sizes sizes = sizes(random);
      DType dtype = TYPES[random.nextInt(TYPES.length)];
      AttentionMask mask = random.nextInt(5) == 0 ? null : mask(random, generator, sizes, 2);
      ScoreModifier modifier = random.nextInt(2) == 0 ? null : change(random, generator, sizes);
      double scale = Math.min(0.3, 4 / Math.sqrt(sizes.width()));
      AttentionSpec spec =
          AttentionSpec.plain().withScale(scale).withMask(mask).withModifier(modifier);
      String what =
          path + " " + dtype + " " + sizes + " " + mask + " " + modifier + " seed " + seed;
      Tensor q = sizes.q(generator, dtype).requiresGrad(gradients);
      Tensor k = sizes.k(generator, dtype).requiresGrad(gradients);
      Tensor v = sizes.v(generator, dtype).requiresGrad(gradients);
      OnPath.poisonScratch();
      Tensor output = ExactAttention.apply(q, k, v, spec);
      DoubleLoops loops = new DoubleLoops(sizes, q.detach(), k.detach(), v.detach(), spec);
      double tolerance = 2 * FormulaCheck.tolerance(dtype);
      assertClose(what, output, loops.output, tolerance);
      if (gradients) {
        Tensor weights = sizes.output(generator, dtype).mul(1 / Math.sqrt(sizes.values()));
        List<Tensor> found = Gradients.of(output, weights, List.of(q, k, v));
        loops.backward(weights.toDoubleArray());
        assertClose(what + ", q", found.get(0), loops.queryGradient, tolerance);
        assertClose(what + ", k", found.get(1), loops.keyGradient, tolerance);
        assertClose(what + ", v", found.get(2), loops.valueGradient, tolerance);
      }
    }
  }

  private static Sizes sizes(Random random) {
    while (true) {
      int keyHeads = 1 + random.nextInt(3);
      Sizes sizes =
          new Sizes(
              1 + random.nextInt(3),
              keyHeads * (1 + random.nextInt(4)),
              keyHeads,
              1 + random.nextInt(random.nextBoolean() ? 3 : 150),
              1 + random.nextInt(random.nextInt(4) == 0 ? 700 : 150),
              1 + random.nextInt(200),
              1 + random.nextInt(200));
      long pairs = (long) sizes.batches() * sizes.heads() * sizes.queries() * sizes.keys();
      if (pairs * (sizes.width() + sizes.values()) <= MOST) {
        return sizes;
      }
    }
  }

  private static AttentionMask mask(Random random, Generator generator, Sizes sizes, int depth) {
    int keys = sizes.keys();
    return switch (random.nextInt(depth > 0 ? 12 : 9)) {
      case 0 -> AttentionMask.causal();
      case 1 -> AttentionMask.slidingWindow(1 + random.nextInt(keys + 5));
      case 2 -> AttentionMask.window(random.nextInt(60), random.nextInt(60));
      case 3 -> AttentionMask.prefix(random.nextInt(keys + 1));
      case 4 -> AttentionMask.firstKeys(random.nextInt(keys + 1));
      case 5 ->
          AttentionMask.dilatedWindow(
              1 + random.nextInt(9), random.nextInt(9), 1 + random.nextInt(5));
      case 6 ->
          AttentionMask.padding(
              random(random, generator, random.nextBoolean() ? 1 : sizes.batches(), keys));
      case 7 ->
          AttentionMask.dense(
              random(
                  random,
                  generator,
                  random.nextBoolean() ? 1 : sizes.batches(),
                  random.nextBoolean() ? 1 : sizes.heads(),
                  sizes.queries(),
                  keys));
      case 8 -> (b, h, i, j) -> (i * 31 + j * 17 + h * 5 + b * 3) % 3 != 0;
      case 9 -> mask(random, generator, sizes, depth - 1).not();
      case 10 ->
          mask(random, generator, sizes, depth - 1).and(mask(random, generator, sizes, depth - 1));
      default ->
          mask(random, generator, sizes, depth - 1).or(mask(random, generator, sizes, depth - 1));
    };
  }

  private static Tensor random(Random random, Generator generator, long... shape) {
    double share = random.nextDouble();
    return Tensor.rand(generator, Shape.of(shape), DType.F32).lt(share);
  }

  private static ScoreModifier change(Random random, Generator generator, Sizes sizes) {
    ScoreModifier first = step(random, generator, sizes);
    return random.nextBoolean() ? first : first.then(step(random, generator, sizes));
  }

  private static ScoreModifier step(Random random, Generator generator, Sizes sizes) {
    return switch (random.nextInt(5)) {
      case 0 -> Alibi.ofHeads(sizes.heads());
      case 1 -> new SoftCap(0.5 + 10 * random.nextDouble());
      case 2 -> new ScoreScale(2 * random.nextDouble() - 1);
      case 3 ->
          new ScoreBias(
              Tensor.randn(
                  generator,
                  Shape.of(
                      random.nextBoolean() ? 1 : sizes.batches(),
                      random.nextBoolean() ? 1 : sizes.heads(),
                      sizes.queries(),
                      sizes.keys()),
                  DType.F32));
      default -> (b, h, i, j, score) -> score - 0.03 * (h + 1) * Math.floorMod(i - j, 64);
    };
  }

  private static void assertClose(
      String what, @Nullable Tensor actual, double[] expected, double tolerance) {
    assertThat(actual).as(what).isNotNull();
    double[] got = actual.toDoubleArray();
    double largest = 1;
    for (double number : expected) {
      largest = Math.max(largest, Math.abs(number));
    }
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      assertThat(Math.abs(got[i] - expected[i]))
          .as("%s at %d", what, i)
          .isLessThanOrEqualTo(tolerance * largest);
    }
  }
}
