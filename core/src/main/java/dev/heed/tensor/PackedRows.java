package dev.heed.tensor;

import static dev.heed.tensor.kernel.FloatKernel.ROWS;

import dev.heed.tensor.kernel.Buffers;
import java.util.Arrays;

/**
 * Rows of a product's left side as {@link dev.heed.tensor.kernel.FloatKernel#product} reads them:
 * {@link dev.heed.tensor.kernel.FloatKernel#ROWS} of them interleaved, a step of the depth after
 * the other. Rows that are missing at the end are zeros.
 */
final class PackedRows {
  private PackedRows() {}

  /** How many rows are laid out for so many. */
  static int padded(int rows) {
    return (rows + ROWS - 1) / ROWS * ROWS;
  }

  /**
   * Where a step begins: slivers of {@code ROWS × step} numbers follow.
   *
   * @param rows as {@link #padded}
   * @param from the step's place in the depth
   */
  static int start(int rows, int from) {
    return rows * from;
  }

  /**
   * Lays rows out.
   *
   * @param step numbers of a step; the last one may have fewer
   * @param into from {@code at} on {@code padded(count) × depth} numbers
   */
  static void pack(
      MatrixView matrix,
      int first,
      int count,
      int depth,
      int step,
      float[] into,
      int at,
      Buffers buffers) {
    int padded = padded(count);
    float[] rows = buffers.floats(0, ROWS * Math.min(step, depth));
    for (int i = 0; i < count; i += ROWS) {
      int present = Math.min(ROWS, count - i);
      for (int l = 0; l < depth; l += step) {
        int numbers = Math.min(step, depth - l);
        for (int r = 0; r < present; r++) {
          matrix.row(first + i + r, l, rows, r * numbers, numbers);
        }
        Arrays.fill(rows, present * numbers, ROWS * numbers, 0);
        interleave(rows, numbers, into, at + start(padded, l) + i * numbers);
      }
    }
  }

  private static void interleave(float[] rows, int count, float[] into, int at) {
    int r1 = count;
    int r2 = r1 + count;
    int r3 = r2 + count;
    int r4 = r3 + count;
    int r5 = r4 + count;
    int r6 = r5 + count;
    int r7 = r6 + count;
    for (int l = 0; l < count; l++) {
      into[at + l * ROWS] = rows[l];
      into[at + l * ROWS + 1] = rows[r1 + l];
      into[at + l * ROWS + 2] = rows[r2 + l];
      into[at + l * ROWS + 3] = rows[r3 + l];
      into[at + l * ROWS + 4] = rows[r4 + l];
      into[at + l * ROWS + 5] = rows[r5 + l];
      into[at + l * ROWS + 6] = rows[r6 + l];
      into[at + l * ROWS + 7] = rows[r7 + l];
    }
  }
}
