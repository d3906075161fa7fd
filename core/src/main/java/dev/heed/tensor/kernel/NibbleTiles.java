package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.BlockLanes.INTS;
import static dev.heed.tensor.kernel.FloatKernel.PANEL;
import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of eight rows with a panel of {@link NibblePanels}: each vector of numbers is read and
 * masked once for all rows, and never written.
 */
final class NibbleTiles {
  /** Rows that are multiplied at a time. */
  static final int ROWS = FloatKernel.ROWS;

  private NibbleTiles() {}

  /**
   * {@code C[i][j] = Σ_g (s[g][j] · Σ_l q[l][j]·x[l][i] + m[g][j] · Σ_l x[l][i])}.
   *
   * @param x factors to the unit of {@link NibbleSums}: those of all rows beside each other
   * @param groupSums of the factors of each group, as they lie
   * @param heads scales {@code s} and minima {@code m} from {@link NibbleScales#read}
   */
  static void multiply(
      int groups,
      float[] x,
      float[] groupSums,
      int[] numbers,
      int start,
      float[] heads,
      float[] c,
      int ct,
      int ldc) {
    for (int j = 0; j < PANEL; j += LENGTH) {
      columns(groups, x, groupSums, numbers, start + j, heads, j, c, ct + j, ldc);
    }
  }

  private static void columns(
      int groups,
      float[] x,
      float[] groupSums,
      int[] numbers,
      int start,
      float[] heads,
      int j,
      float[] c,
      int ct,
      int ldc) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector t0 = zero;
    FloatVector t1 = zero;
    FloatVector t2 = zero;
    FloatVector t3 = zero;
    FloatVector t4 = zero;
    FloatVector t5 = zero;
    FloatVector t6 = zero;
    FloatVector t7 = zero;
    int at = start;
    int l = 0;
    for (int g = 0; g < groups; g++) {
      FloatVector s0 = zero;
      FloatVector s1 = zero;
      FloatVector s2 = zero;
      FloatVector s3 = zero;
      FloatVector s4 = zero;
      FloatVector s5 = zero;
      FloatVector s6 = zero;
      FloatVector s7 = zero;
      for (int i = 0; i < PackedBlocks.GROUP; i += NibblePanels.STEP, at += PANEL) {
        IntVector q = IntVector.fromArray(INTS, numbers, at);
        for (int k = 0; k < NibblePanels.STEP; k++, l += ROWS) {
          FloatVector f = (FloatVector) q.and(15).convert(NibbleSums.NUMBER, 0);
          s0 = f.fma(FloatVector.broadcast(FLOATS, x[l]), s0);
          s1 = f.fma(FloatVector.broadcast(FLOATS, x[l + 1]), s1);
          s2 = f.fma(FloatVector.broadcast(FLOATS, x[l + 2]), s2);
          s3 = f.fma(FloatVector.broadcast(FLOATS, x[l + 3]), s3);
          s4 = f.fma(FloatVector.broadcast(FLOATS, x[l + 4]), s4);
          s5 = f.fma(FloatVector.broadcast(FLOATS, x[l + 5]), s5);
          s6 = f.fma(FloatVector.broadcast(FLOATS, x[l + 6]), s6);
          s7 = f.fma(FloatVector.broadcast(FLOATS, x[l + 7]), s7);
          q = q.lanewise(VectorOperators.LSHR, 4);
        }
      }
      FloatVector scale = FloatVector.fromArray(FLOATS, heads, 2 * PANEL * g + j);
      FloatVector least = FloatVector.fromArray(FLOATS, heads, 2 * PANEL * g + PANEL + j);
      int r = g * ROWS;
      t0 = least.fma(FloatVector.broadcast(FLOATS, groupSums[r]), s0.fma(scale, t0));
      t1 = least.fma(FloatVector.broadcast(FLOATS, groupSums[r + 1]), s1.fma(scale, t1));
      t2 = least.fma(FloatVector.broadcast(FLOATS, groupSums[r + 2]), s2.fma(scale, t2));
      t3 = least.fma(FloatVector.broadcast(FLOATS, groupSums[r + 3]), s3.fma(scale, t3));
      t4 = least.fma(FloatVector.broadcast(FLOATS, groupSums[r + 4]), s4.fma(scale, t4));
      t5 = least.fma(FloatVector.broadcast(FLOATS, groupSums[r + 5]), s5.fma(scale, t5));
      t6 = least.fma(FloatVector.broadcast(FLOATS, groupSums[r + 6]), s6.fma(scale, t6));
      t7 = least.fma(FloatVector.broadcast(FLOATS, groupSums[r + 7]), s7.fma(scale, t7));
    }
    t0.intoArray(c, ct);
    t1.intoArray(c, ct + ldc);
    t2.intoArray(c, ct + 2 * ldc);
    t3.intoArray(c, ct + 3 * ldc);
    t4.intoArray(c, ct + 4 * ldc);
    t5.intoArray(c, ct + 5 * ldc);
    t6.intoArray(c, ct + 6 * ldc);
    t7.intoArray(c, ct + 7 * ldc);
  }
}
