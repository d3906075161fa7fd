package dev.heed.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows times rows, against sums in double precision. */
@Tag("unit")
class RowDotsTest {
  private static final int ROWS = 12;
  private static final int COLUMNS = 8;
  private static final int FROM = 3;
  private static final int STRIDE = 17;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 16, 37, 131})
  void vectors_and_plain_loops_give_the_sums(int depth) {
    Random random = new Random(depth);
    float[] x = gaussian(random, ROWS * depth);
    float[] w = gaussian(random, COLUMNS * depth);
    for (FloatKernel kernel : new FloatKernel[] {Kernels.live().kernel(), Kernels.scalar()}) {
      float[] c = new float[ROWS * STRIDE];
      float[] sums = new float[FloatKernel.TILE_SUMS];
      kernel.tiles(ROWS, COLUMNS, depth, x, w, c, FROM, STRIDE, sums);
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          double sum = 0;
          for (int l = 0; l < depth; l++) {
            sum += (double) x[i * depth + l] * w[j * depth + l];
          }
          assertThat((double) c[FROM + i * STRIDE + j]).isCloseTo(sum, within(2e-5));
        }
      }
    }
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
