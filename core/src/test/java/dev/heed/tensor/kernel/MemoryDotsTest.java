package dev.heed.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows times rows of weights as they lie in memory, against sums in double precision. */
@Tag("unit")
class MemoryDotsTest {
  /** Before the first row of weights. */
  private static final int LEAD = 6;

  /** Between two rows of weights. */
  private static final int GAP = 10;

  private static final int FROM = 3;
  private static final int STRIDE = 17;
  private static final int APART = 4;

  @ParameterizedTest
  @CsvSource({
    "F32, 4, 1", "F32, 8, 37", "F32, 12, 131", "F32, 16, 64", "F32, 8, 0",
    "BF16, 4, 1", "BF16, 8, 37", "BF16, 12, 131", "BF16, 16, 64", "BF16, 8, 0",
    "Q8_0, 8, 32", "Q8_0, 16, 160", "Q8_0, 8, 0"
  })
  void vectors_and_plain_loops_give_the_sums(MemoryType type, int rows, int depth) {
    Random random = new Random(depth);
    float[] x = new float[rows * depth];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    long rowBytes = bytes(type, depth) + GAP;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment w = arena.allocate(LEAD + FloatKernel.TILE * rowBytes);
      double[][] numbers = new double[FloatKernel.TILE][];
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] = write(type, depth, w, LEAD + j * rowBytes, random);
      }
      for (FloatKernel kernel : new FloatKernel[] {Kernels.live().kernel(), Kernels.scalar()}) {
        float[] c = new float[rows * STRIDE];
        float[] sums = new float[FloatKernel.TILE_SUMS];
        kernel.tilesInMemory(rows, depth, x, w, LEAD, rowBytes, type, c, FROM, STRIDE, APART, sums);
        check(rows, depth, x, numbers, c);
      }
    }
  }

  private static void check(int rows, int depth, float[] x, double[][] numbers, float[] c) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < numbers.length; j++) {
        double sum = 0;
        for (int l = 0; l < depth; l++) {
          sum += x[i * depth + l] * numbers[j][l];
        }
        assertThat((double) c[FROM + i * STRIDE + j * APART]).isCloseTo(sum, within(5e-5));
      }
    }
  }

  private static long bytes(MemoryType type, int depth) {
    return switch (type) {
      case F32 -> 4L * depth;
      case BF16 -> 2L * depth;
      case Q8_0 -> depth / 32 * 34L;
    };
  }

  /** Writes a row of random numbers, and returns what it says. */
  private static double[] write(
      MemoryType type, int depth, MemorySegment w, long at, Random random) {
    double[] numbers = new double[depth];
    for (int l = 0; l < depth; l++) {
      float number = (float) random.nextGaussian();
      switch (type) {
        case F32 -> {
          w.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * l, number);
          numbers[l] = number;
        }
        case BF16 -> {
          short bits = (short) (Float.floatToRawIntBits(number) >>> Short.SIZE);
          w.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2L * l, bits);
          numbers[l] = Float.intBitsToFloat(bits << Short.SIZE);
        }
        case Q8_0 -> {
          long block = at + l / 32 * 34L;
          if (l % 32 == 0) {
            w.set(ValueLayout.JAVA_SHORT_UNALIGNED, block, Float.floatToFloat16(number / 64));
          }
          byte q = (byte) random.nextInt(-128, 128);
          w.set(ValueLayout.JAVA_BYTE, block + 2 + l % 32, q);
          short scale = w.get(ValueLayout.JAVA_SHORT_UNALIGNED, block);
          numbers[l] = (double) Float.float16ToFloat(scale) * q;
        }
      }
    }
    return numbers;
  }
}
