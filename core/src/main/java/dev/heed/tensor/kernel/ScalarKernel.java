package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Plain loops: where there is no Vector API, and what the vectors are tested against. */
final class ScalarKernel implements FloatKernel {
  private final BlockKernel blocks = new ScalarBlocks();

  @Override
  public BlockKernel blocks() {
    return blocks;
  }

  @Override
  public float dot(float[] x, float[] y, int count) {
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  @Override
  public void tiles(
      int rows,
      int columns,
      int depth,
      float[] x,
      float[] w,
      float[] c,
      int ct,
      int ldc,
      float[] sums) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = 0;
        for (int l = 0; l < depth; l++) {
          sum += x[i * depth + l] * w[j * depth + l];
        }
        c[ct + i * ldc + j] = sum;
      }
    }
  }

  @Override
  public void tilesInMemory(
      int rows,
      int depth,
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      MemoryType type,
      float[] c,
      int ct,
      int ldc,
      int apart,
      float[] sums) {
    float[] row = new float[depth];
    for (int j = 0; j < TILE; j++) {
      for (int l = 0; l < depth; l++) {
        row[l] = type.number(w, at + j * rowBytes, l);
      }
      tiles(rows, 1, depth, x, row, c, ct + j * apart, ldc, sums);
    }
  }

  private static float number(MemorySegment w, long at) {
    return Float.intBitsToFloat(w.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) << Short.SIZE);
  }

  @Override
  public void product(
      int rows,
      int depth,
      float[] a,
      int at,
      float[] panel,
      int pt,
      float[] c,
      int ct,
      int ldc,
      boolean onto) {
    for (int i = 0; i < rows; i++) {
      int row = ct + i * ldc;
      int from = at + i / ROWS * ROWS * depth + i % ROWS;
      if (!onto) {
        Arrays.fill(c, row, row + PANEL, 0);
      }
      for (int l = 0; l < depth; l++) {
        float factor = a[from + l * ROWS];
        for (int j = 0; j < PANEL; j++) {
          c[row + j] += factor * panel[pt + l * PANEL + j];
        }
      }
    }
  }

  @Override
  public void rowProduct(
      int depth, float[] a, int at, float[] panel, int pt, float[] c, int ct, boolean onto) {
    if (!onto) {
      Arrays.fill(c, ct, ct + PANEL, 0);
    }
    for (int l = 0; l < depth; l++) {
      float factor = a[at + l];
      for (int j = 0; j < PANEL; j++) {
        c[ct + j] += factor * panel[pt + l * PANEL + j];
      }
    }
  }

  @Override
  public void rowProductBf16(
      int depth, float[] a, int at, short[] panel, int pt, float[] c, int ct, boolean onto) {
    if (!onto) {
      Arrays.fill(c, ct, ct + PANEL, 0);
    }
    for (int l = 0; l < depth; l++) {
      float factor = a[at + l];
      for (int j = 0; j < PANEL; j++) {
        c[ct + j] += factor * Float.intBitsToFloat(panel[pt + l * PANEL + j] << Short.SIZE);
      }
    }
  }

  @Override
  public void widen(short[] from, int at, float[] into, int to, int count) {
    for (int i = 0; i < count; i++) {
      into[to + i] = Float.intBitsToFloat(from[at + i] << Short.SIZE);
    }
  }

  @Override
  public void dots(
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      float[] out,
      int to,
      int rows) {
    for (int r = 0; r < rows; r++) {
      long row = at + r * rowBytes;
      float sum = 0;
      for (int l = 0; l < depth; l++) {
        sum += x[l] * w.get(ValueLayout.JAVA_FLOAT_UNALIGNED, row + 4L * l);
      }
      out[to + r] = sum;
    }
  }

  @Override
  public void dotsBf16(
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      float[] out,
      int to,
      int rows) {
    for (int r = 0; r < rows; r++) {
      long row = at + r * rowBytes;
      float sum = 0;
      for (int l = 0; l < depth; l++) {
        int bits = w.get(ValueLayout.JAVA_SHORT_UNALIGNED, row + 2L * l) << Short.SIZE;
        sum += x[l] * Float.intBitsToFloat(bits);
      }
      out[to + r] = sum;
    }
  }

  @Override
  public void apply(FloatFunction function, float[] x, int from, int count) {
    for (int i = from; i < from + count; i++) {
      x[i] = (float) function.of(x[i]);
    }
  }

  @Override
  public float max(float[] x, int from, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  @Override
  public float sum(float[] x, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += x[i];
    }
    return (float) sum;
  }

  @Override
  public float squaresAround(float[] x, int from, int count, float mean) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      double away = x[i] - mean;
      sum += away * away;
    }
    return (float) sum;
  }

  @Override
  public float powers(float[] x, int from, int count, float max) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      x[i] = (float) Math.exp(x[i] - max);
      sum += x[i];
    }
    return (float) sum;
  }

  @Override
  public void adam(AdamStep step, AdamStep.Memory at, long from, int count) {
    new ScalarAdam(step).run(at, from, count);
  }
}
