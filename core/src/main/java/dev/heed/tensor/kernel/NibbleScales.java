package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.BlockLanes.INTS;
import static dev.heed.tensor.kernel.FloatKernel.PANEL;
import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What the groups of {@link NibblePanels} have in common, applied to their sums, and read out.
 *
 * <p>A finite half's bits, shifted to where a float's are, are {@code 2⁻¹¹²} times its number.
 */
final class NibbleScales {
  private static final int HALF = PANEL / 2;
  private static final int HALF_BITS = 0x8fffe000;
  private static final float HALF_UNIT = 0x1p112f;

  /** What the sum of a group's factors is multiplied by to give what {@link #q4} takes off. */
  static final float OFF_Q4 = -8;

  /** The same for {@link #q4k}, which reads minima eight bits above their place. */
  static final float OFF_Q4K = -0x1p-8f;

  private NibbleScales() {}

  /**
   * {@code Σ d·(Σ q·x - 8·Σ x)} for each column.
   *
   * @param sums of the groups, from {@link NibbleSums}
   * @param off each group's sum of factors, to the unit of the sums, times {@link #OFF_Q4}
   * @param at the panel's first head
   */
  static void q4(int groups, float[] sums, float[] off, int[] heads, int at, float[] c, int to) {
    for (int j = 0; j < HALF; j += LENGTH) {
      FloatVector left = FloatVector.zero(FLOATS);
      FloatVector right = left;
      int s = j;
      int h = at + j;
      for (int g = 0; g < groups; g++, s += PANEL, h += HALF) {
        FloatVector taken = FloatVector.broadcast(FLOATS, off[g]);
        IntVector d = IntVector.fromArray(INTS, heads, h);
        left =
            d.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT)
                .fma(FloatVector.fromArray(FLOATS, sums, s).add(taken), left);
        right =
            d.lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT)
                .fma(FloatVector.fromArray(FLOATS, sums, s + HALF).add(taken), right);
      }
      left.intoArray(c, to + j);
      right.intoArray(c, to + j + HALF);
    }
  }

  /**
   * {@code Σ d·(Σ s·Σ q·x) - e·(Σ m·Σ x)} for each column; as {@link #q4}, two vectors of columns
   * at a time, so that sums do not wait for sums.
   */
  static void q4k(int groups, float[] sums, float[] off, int[] heads, int at, float[] c, int to) {
    for (int j = 0; j < PANEL; j += 2 * LENGTH) {
      FloatVector left = FloatVector.zero(FLOATS);
      FloatVector right = left;
      int s = j;
      int h = at + j;
      for (int g = 0; g < groups; h += PANEL) {
        IntVector d = IntVector.fromArray(INTS, heads, h);
        IntVector e = IntVector.fromArray(INTS, heads, h + LENGTH);
        FloatVector scaled = FloatVector.zero(FLOATS);
        FloatVector scaledToo = scaled;
        FloatVector least = scaled;
        FloatVector leastToo = scaled;
        for (int i = 0; i < 8; i++, g++, s += PANEL) {
          h += PANEL * (1 - (i & 1));
          int shift = (i & 1) * Short.SIZE;
          FloatVector factor = FloatVector.broadcast(FLOATS, off[g]);
          IntVector q = IntVector.fromArray(INTS, heads, h).lanewise(VectorOperators.LSHR, shift);
          scaled =
              ((FloatVector) q.and(0xff).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, sums, s), scaled);
          least = ((FloatVector) q.and(0xff00).convert(VectorOperators.I2F, 0)).fma(factor, least);
          q = IntVector.fromArray(INTS, heads, h + LENGTH).lanewise(VectorOperators.LSHR, shift);
          scaledToo =
              ((FloatVector) q.and(0xff).convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, sums, s + LENGTH), scaledToo);
          leastToo =
              ((FloatVector) q.and(0xff00).convert(VectorOperators.I2F, 0)).fma(factor, leastToo);
        }
        left =
            d.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT)
                .fma(scaled, left);
        left =
            d.lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT)
                .fma(least, left);
        right =
            e.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT)
                .fma(scaledToo, right);
        right =
            e.lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT)
                .fma(leastToo, right);
      }
      left.intoArray(c, to + j);
      right.intoArray(c, to + j + LENGTH);
    }
  }

  /**
   * A panel's scales, and what is added to each number for its minimum.
   *
   * @param heads gets of each group 32 scales and then 32 of the others
   */
  static void read(NibblePanels panels, int panel, float[] heads) {
    int at = panel * panels.headInts();
    int groups = panels.depth / PackedBlocks.GROUP;
    if (panels.layout == BlockFormat.Layout.Q4_0) {
      readQ4(groups, panels.heads, at, heads);
    } else {
      readQ4k(groups, panels.heads, at, heads);
    }
  }

  private static void readQ4(int groups, int[] from, int at, float[] heads) {
    for (int j = 0; j < HALF; j += LENGTH) {
      int to = j;
      int h = at + j;
      for (int g = 0; g < groups; g++, h += HALF, to += 2 * PANEL) {
        IntVector d = IntVector.fromArray(INTS, from, h);
        FloatVector left =
            d.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT);
        left.intoArray(heads, to);
        left.mul(OFF_Q4).intoArray(heads, to + PANEL);
        FloatVector right =
            d.lanewise(VectorOperators.ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(HALF_UNIT);
        right.intoArray(heads, to + HALF);
        right.mul(OFF_Q4).intoArray(heads, to + HALF + PANEL);
      }
    }
  }

  private static void readQ4k(int groups, int[] from, int at, float[] heads) {
    for (int j = 0; j < PANEL; j += LENGTH) {
      int to = j;
      int h = at + j;
      for (int g = 0; g < groups; h += PANEL) {
        IntVector halves = IntVector.fromArray(INTS, from, h);
        FloatVector scale =
            halves
                .lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT);
        FloatVector least =
            halves
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT)
                .mul(OFF_Q4K);
        for (int i = 0; i < 8; i++, g++, to += 2 * PANEL) {
          h += PANEL * (1 - (i & 1));
          IntVector q =
              IntVector.fromArray(INTS, from, h)
                  .lanewise(VectorOperators.LSHR, (i & 1) * Short.SIZE);
          ((FloatVector) q.and(0xff).convert(VectorOperators.I2F, 0))
              .mul(scale)
              .intoArray(heads, to);
          ((FloatVector) q.and(0xff00).convert(VectorOperators.I2F, 0))
              .mul(least)
              .intoArray(heads, to + PANEL);
        }
      }
    }
  }

  /**
   * One group's numbers as floats, row by row.
   *
   * @param at its first int
   * @param heads from {@link #read}
   */
  static void decode(int[] numbers, int at, float[] heads, int group, float[] into, int to) {
    for (int j = 0; j < PANEL; j += LENGTH) {
      FloatVector scale = FloatVector.fromArray(FLOATS, heads, 2 * PANEL * group + j);
      FloatVector least = FloatVector.fromArray(FLOATS, heads, 2 * PANEL * group + PANEL + j);
      int row = to + j;
      for (int i = 0; i < NibblePanels.GROUP_INTS; i += PANEL) {
        IntVector q = IntVector.fromArray(INTS, numbers, at + i + j);
        for (int k = 0; k < NibblePanels.STEP; k++, row += PANEL) {
          ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0))
              .fma(scale, least)
              .intoArray(into, row);
          q = q.lanewise(VectorOperators.LSHR, 4);
        }
      }
    }
  }
}
