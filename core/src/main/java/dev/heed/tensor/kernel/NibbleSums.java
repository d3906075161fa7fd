package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.BlockLanes.INTS;
import static dev.heed.tensor.kernel.FloatKernel.PANEL;
import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code Σ q·x} of each group of a panel of {@link NibblePanels}, scales not applied yet.
 *
 * <p>No number is shifted to be read, but for two of eight: what a mask leaves is {@code q·2ᵏ}, and
 * the factors are multiplied by {@code 2⁻ᵏ} beforehand ({@link #spread}). Where {@link
 * Subnormals#ARE_FAST}, the bits are multiplied as subnormal floats, so that a number takes a mask
 * and a multiply–add, for sixteen columns at once.
 *
 * <p>The register block is written out, for a method that passed vectors would box.
 */
final class NibbleSums {
  /** Sums come as {@code 2^UNIT} times what they are, far from overflow and underflow. */
  static final int UNIT = Subnormals.ARE_FAST ? -49 : 0;

  /** Factors times {@code 2^FACTOR_EXPONENT} give sums of that unit. */
  static final int FACTOR_EXPONENT = Subnormals.ARE_FAST ? 149 + UNIT : UNIT;

  /** Bits that a mask leaves as a number, to the unit that factors are spread for. */
  static final VectorOperators.Conversion<Integer, Float> NUMBER =
      Subnormals.ARE_FAST
          ? VectorOperators.Conversion.ofReinterpret(int.class, float.class)
          : VectorOperators.I2F;

  /** The least exponent that factors are brought to one from. */
  private static final int LEAST_EXPONENT = -20;

  /** Of the eight numbers of an int; the last two are multiplied after a shift by eight bits. */
  private static final float[] PLACES = {
    0x1p0f, 0x1p-4f, 0x1p-8f, 0x1p-12f, 0x1p-16f, 0x1p-20f, 0x1p-16f, 0x1p-20f,
    0x1p0f, 0x1p-4f, 0x1p-8f, 0x1p-12f, 0x1p-16f, 0x1p-20f, 0x1p-16f, 0x1p-20f,
  };

  private NibbleSums() {}

  /** The power of two that factors are divided by: their largest is then below two. */
  static int exponent(float[] x, int from, int count) {
    FloatVector largest = FloatVector.zero(FLOATS);
    for (int l = from; l < from + count; l += LENGTH) {
      largest = largest.max(FloatVector.fromArray(FLOATS, x, l).abs());
    }
    int exponent = Math.getExponent(largest.reduceLanes(VectorOperators.MAX));
    return Math.clamp(exponent, LEAST_EXPONENT, Float.MAX_EXPONENT);
  }

  /** The sum of a group of factors. */
  static float sum(float[] x, int from) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int l = from; l < from + PackedBlocks.GROUP; l += LENGTH) {
      sum = sum.add(FloatVector.fromArray(FLOATS, x, l));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /**
   * The factors as {@link #multiply} takes them.
   *
   * @param depth a multiple of 32
   */
  static void spread(float[] x, int depth, int exponent, float[] into) {
    float unit = Math.scalb(1f, FACTOR_EXPONENT - exponent);
    for (int k = 0; k < PANEL / 2; k += LENGTH) {
      FloatVector places = FloatVector.fromArray(FLOATS, PLACES, k & LENGTH - 1);
      for (int l = k; l < depth; l += PANEL / 2) {
        FloatVector.fromArray(FLOATS, x, l).mul(unit).mul(places).intoArray(into, l);
      }
    }
  }

  /**
   * The sums of all groups and columns of a panel.
   *
   * @param x factors from {@link #spread}
   * @param at the panel's first number
   * @param sums gets {@link FloatKernel#PANEL} of each group
   */
  static void multiply(int depth, float[] x, int[] numbers, int at, float[] sums) {
    for (int j = 0; j < PANEL; j += 2 * LENGTH) {
      columns(depth / PackedBlocks.GROUP, x, numbers, at + j, sums, j);
    }
  }

  private static void columns(int groups, float[] x, int[] w, int start, float[] sums, int to) {
    FloatVector zero = FloatVector.zero(FLOATS);
    int at = start;
    int l = 0;
    for (int g = 0; g < groups; g++) {
      FloatVector even0 = zero;
      FloatVector even1 = zero;
      FloatVector odd0 = zero;
      FloatVector odd1 = zero;
      for (int i = 0; i < PackedBlocks.GROUP; i += 8, l += 8, at += PANEL) {
        IntVector q0 = IntVector.fromArray(INTS, w, at);
        IntVector q1 = IntVector.fromArray(INTS, w, at + LENGTH);
        FloatVector f = FloatVector.broadcast(FLOATS, x[l]);
        even0 = ((FloatVector) q0.and(0xf).convert(NUMBER, 0)).fma(f, even0);
        even1 = ((FloatVector) q1.and(0xf).convert(NUMBER, 0)).fma(f, even1);
        f = FloatVector.broadcast(FLOATS, x[l + 1]);
        odd0 = ((FloatVector) q0.and(0xf0).convert(NUMBER, 0)).fma(f, odd0);
        odd1 = ((FloatVector) q1.and(0xf0).convert(NUMBER, 0)).fma(f, odd1);
        f = FloatVector.broadcast(FLOATS, x[l + 2]);
        even0 = ((FloatVector) q0.and(0xf00).convert(NUMBER, 0)).fma(f, even0);
        even1 = ((FloatVector) q1.and(0xf00).convert(NUMBER, 0)).fma(f, even1);
        f = FloatVector.broadcast(FLOATS, x[l + 3]);
        odd0 = ((FloatVector) q0.and(0xf000).convert(NUMBER, 0)).fma(f, odd0);
        odd1 = ((FloatVector) q1.and(0xf000).convert(NUMBER, 0)).fma(f, odd1);
        f = FloatVector.broadcast(FLOATS, x[l + 4]);
        even0 = ((FloatVector) q0.and(0xf0000).convert(NUMBER, 0)).fma(f, even0);
        even1 = ((FloatVector) q1.and(0xf0000).convert(NUMBER, 0)).fma(f, even1);
        f = FloatVector.broadcast(FLOATS, x[l + 5]);
        odd0 = ((FloatVector) q0.and(0xf00000).convert(NUMBER, 0)).fma(f, odd0);
        odd1 = ((FloatVector) q1.and(0xf00000).convert(NUMBER, 0)).fma(f, odd1);
        q0 = q0.lanewise(VectorOperators.LSHR, 8);
        q1 = q1.lanewise(VectorOperators.LSHR, 8);
        f = FloatVector.broadcast(FLOATS, x[l + 6]);
        even0 = ((FloatVector) q0.and(0xf0000).convert(NUMBER, 0)).fma(f, even0);
        even1 = ((FloatVector) q1.and(0xf0000).convert(NUMBER, 0)).fma(f, even1);
        f = FloatVector.broadcast(FLOATS, x[l + 7]);
        odd0 = ((FloatVector) q0.and(0xf00000).convert(NUMBER, 0)).fma(f, odd0);
        odd1 = ((FloatVector) q1.and(0xf00000).convert(NUMBER, 0)).fma(f, odd1);
      }
      even0.add(odd0).intoArray(sums, to + g * PANEL);
      even1.add(odd1).intoArray(sums, to + g * PANEL + LENGTH);
    }
  }
}
