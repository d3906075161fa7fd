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
   * One group's scales, and what is taken off each number, of all columns.
   *
   * @param room gets 32 scales and then 32 of the others
   */
  static void group(NibblePanels panels, int panel, int group, float[] room) {
    int at = panel * panels.headInts();
    for (int j = 0; j < PANEL; j++) {
      if (panels.layout == BlockFormat.Layout.Q4_0) {
        int d = panels.heads[at + group * HALF + j % HALF] >>> (j < HALF ? 0 : Short.SIZE);
        room[j] = Float.float16ToFloat((short) d);
        room[PANEL + j] = 8 * room[j];
      } else {
        int head = at + group / 8 * 5 * PANEL + j;
        int d = panels.heads[head];
        int q = panels.heads[head + (1 + group % 8 / 2) * PANEL] >>> (group % 2 * Short.SIZE);
        room[j] = Float.float16ToFloat((short) d) * (q & 0xff);
        room[PANEL + j] = Float.float16ToFloat((short) (d >>> Short.SIZE)) * (q >>> 8 & 0xff);
      }
    }
  }

  /**
   * One group's numbers as floats, row by row.
   *
   * @param at its first int
   * @param room from {@link #group}
   */
  static void decode(int[] numbers, int at, float[] room, float[] into, int to) {
    for (int j = 0; j < PANEL; j += LENGTH) {
      FloatVector scale = FloatVector.fromArray(FLOATS, room, j);
      FloatVector least = FloatVector.fromArray(FLOATS, room, PANEL + j).neg();
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
