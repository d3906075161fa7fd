package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Turns rows into columns, a square of one vector's length at a time.
 *
 * <p>Zipping row {@code i} with row {@code i + LENGTH / 2} rotates the bits of an element's address
 * by one; log2(LENGTH) such rounds exchange row and column (Stone, Parallel Processing with the
 * Perfect Shuffle, IEEE Trans. Computers, 1971).
 */
final class Transposition {
  private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(FLOATS, 0);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(FLOATS, 1);
  private static final int ROUNDS = Integer.numberOfTrailingZeros(LENGTH);

  private Transposition() {}

  /**
   * Writes {@code target[j][i] = source[i][j]}.
   *
   * @param rows of the source, a multiple of {@link Lanes#LENGTH}
   * @param columns of the source, a multiple of {@link Lanes#LENGTH}
   * @param scratch room for two squares
   */
  static void transpose(
      int rows,
      int columns,
      float[] source,
      int sourceAt,
      int sourceStride,
      float[] target,
      int targetAt,
      int targetStride,
      float[] scratch) {
    for (int i = 0; i < rows; i += LENGTH) {
      for (int j = 0; j < columns; j += LENGTH) {
        square(
            source,
            sourceAt + i * sourceStride + j,
            sourceStride,
            target,
            targetAt + j * targetStride + i,
            targetStride,
            scratch);
      }
    }
  }

  private static void square(
      float[] source, int from, int fromStride, float[] target, int to, int toStride, float[] s) {
    int half = LENGTH * LENGTH;
    int at = 0;
    round(source, from, fromStride, s, 0, LENGTH);
    for (int i = 2; i < ROUNDS; i++) {
      round(s, at, LENGTH, s, half - at, LENGTH);
      at = half - at;
    }
    round(s, at, LENGTH, target, to, toStride);
  }

  private static void round(
      float[] source, int from, int fromStride, float[] target, int to, int toStride) {
    for (int i = 0; i < LENGTH / 2; i++) {
      FloatVector x = FloatVector.fromArray(FLOATS, source, from + i * fromStride);
      FloatVector y = FloatVector.fromArray(FLOATS, source, from + (i + LENGTH / 2) * fromStride);
      x.rearrange(LOW, y).intoArray(target, to + 2 * i * toStride);
      x.rearrange(HIGH, y).intoArray(target, to + (2 * i + 1) * toStride);
    }
  }
}
