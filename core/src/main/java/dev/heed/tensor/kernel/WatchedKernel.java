package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Vectors whose loops over rows are watched one by one, and left for plain ones where they fail.
 *
 * <p>Loops over blocks watch themselves; {@link Kernels#observe} watches {@link #product}, and a
 * self-check all that is not watched here.
 */
final class WatchedKernel implements FloatKernel {
  /** Rows of a call that are looked at. */
  private static final int WATCHED = 32;

  private final FloatKernel vectors;
  private final FloatKernel plain;
  private final LoopWatch rows = new LoopWatch("rows of f32 are multiplied");
  private final LoopWatch halfRows = new LoopWatch("rows of bf16 are multiplied");
  private final LoopWatch panels = new LoopWatch("a row and a panel are multiplied");
  private final LoopWatch halfPanels = new LoopWatch("a row and a panel of bf16 are multiplied");
  private final LoopWatch tiles = new LoopWatch("several rows are multiplied with rows");
  private final Map<MemoryType, LoopWatch> memory = new EnumMap<>(MemoryType.class);

  WatchedKernel(FloatKernel vectors, FloatKernel plain) {
    this.vectors = vectors;
    this.plain = plain;
    for (MemoryType type : MemoryType.values()) {
      memory.put(type, new LoopWatch("several rows are multiplied with " + type + " in memory"));
    }
  }

  @Override
  public BlockKernel blocks() {
    return vectors.blocks();
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
      int count) {
    if (rows.isDue()) {
      int few = Math.min(count, WATCHED);
      rows.look(
          few,
          y -> vectors.dots(x, w, at, rowBytes, depth, y, 0, few),
          y -> plain.dots(x, w, at, rowBytes, depth, y, 0, few),
          sizes(x, w, at, rowBytes, MemoryType.F32, depth));
    }
    (rows.isLeft() ? plain : vectors).dots(x, w, at, rowBytes, depth, out, to, count);
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
      int count) {
    if (halfRows.isDue()) {
      int few = Math.min(count, WATCHED);
      halfRows.look(
          few,
          y -> vectors.dotsBf16(x, w, at, rowBytes, depth, y, 0, few),
          y -> plain.dotsBf16(x, w, at, rowBytes, depth, y, 0, few),
          sizes(x, w, at, rowBytes, MemoryType.BF16, depth));
    }
    (halfRows.isLeft() ? plain : vectors).dotsBf16(x, w, at, rowBytes, depth, out, to, count);
  }

  @Override
  public void rowProduct(
      int depth, float[] a, int at, float[] panel, int pt, float[] c, int ct, boolean onto) {
    if (panels.isDue()) {
      panels.look(
          PANEL,
          y -> vectors.rowProduct(depth, a, at, panel, pt, y, 0, false),
          y -> plain.rowProduct(depth, a, at, panel, pt, y, 0, false),
          y -> {
            float largest = LoopWatch.norm(panel, pt, depth * PANEL);
            Arrays.fill(y, LoopWatch.norm(a, at, depth) * largest);
          });
    }
    (panels.isLeft() ? plain : vectors).rowProduct(depth, a, at, panel, pt, c, ct, onto);
  }

  @Override
  public void rowProductBf16(
      int depth, float[] a, int at, short[] panel, int pt, float[] c, int ct, boolean onto) {
    if (halfPanels.isDue()) {
      halfPanels.look(
          PANEL,
          y -> vectors.rowProductBf16(depth, a, at, panel, pt, y, 0, false),
          y -> plain.rowProductBf16(depth, a, at, panel, pt, y, 0, false),
          y -> {
            float[] wide = new float[depth * PANEL];
            plain.widen(panel, pt, wide, 0, wide.length);
            float largest = LoopWatch.norm(wide, 0, wide.length);
            Arrays.fill(y, LoopWatch.norm(a, at, depth) * largest);
          });
    }
    (halfPanels.isLeft() ? plain : vectors).rowProductBf16(depth, a, at, panel, pt, c, ct, onto);
  }

  @Override
  public void tiles(
      int count,
      int columns,
      int depth,
      float[] x,
      float[] w,
      float[] c,
      int ct,
      int ldc,
      float[] sums) {
    if (tiles.isDue()) {
      tiles.look(
          count * columns,
          y -> vectors.tiles(count, columns, depth, x, w, y, 0, columns, sums),
          y -> plain.tiles(count, columns, depth, x, w, y, 0, columns, sums),
          y -> {
            for (int k = 0; k < y.length; k++) {
              y[k] =
                  LoopWatch.norm(x, k / columns * depth, depth)
                      * LoopWatch.norm(w, k % columns * depth, depth);
            }
          });
    }
    (tiles.isLeft() ? plain : vectors).tiles(count, columns, depth, x, w, c, ct, ldc, sums);
  }

  @Override
  public void tilesInMemory(
      int count,
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
    LoopWatch watch = Objects.requireNonNull(memory.get(type));
    if (watch.isDue()) {
      watch.look(
          count * TILE,
          y -> vectors.tilesInMemory(count, depth, x, w, at, rowBytes, type, y, 0, TILE, 1, sums),
          y -> plain.tilesInMemory(count, depth, x, w, at, rowBytes, type, y, 0, TILE, 1, sums),
          y -> {
            for (int j = 0; j < TILE; j++) {
              float size = size(w, at + j * rowBytes, type, depth);
              for (int i = 0; i < count; i++) {
                y[i * TILE + j] = LoopWatch.norm(x, i * depth, depth) * size;
              }
            }
          });
    }
    (watch.isLeft() ? plain : vectors)
        .tilesInMemory(count, depth, x, w, at, rowBytes, type, c, ct, ldc, apart, sums);
  }

  /** The norm of x times that of each row in memory. */
  private static LoopWatch.Results sizes(
      float[] x, MemorySegment w, long at, long rowBytes, MemoryType type, int depth) {
    return y -> {
      float norm = LoopWatch.norm(x, 0, depth);
      for (int r = 0; r < y.length; r++) {
        y[r] = norm * size(w, at + r * rowBytes, type, depth);
      }
    };
  }

  /** The norm of a row in memory. */
  private static float size(MemorySegment w, long at, MemoryType type, int depth) {
    float[] row = new float[depth];
    for (int l = 0; l < depth; l++) {
      row[l] = type.number(w, at, l);
    }
    return LoopWatch.norm(row, 0, depth);
  }

  @Override
  public void product(
      int count,
      int depth,
      float[] a,
      int at,
      float[] panel,
      int pt,
      float[] c,
      int ct,
      int ldc,
      boolean onto) {
    vectors.product(count, depth, a, at, panel, pt, c, ct, ldc, onto);
  }

  @Override
  public void widen(short[] from, int at, float[] into, int to, int count) {
    vectors.widen(from, at, into, to, count);
  }

  @Override
  public float dot(float[] x, float[] y, int count) {
    return vectors.dot(x, y, count);
  }

  @Override
  public void apply(FloatFunction function, float[] x, int from, int count) {
    vectors.apply(function, x, from, count);
  }

  @Override
  public float max(float[] x, int from, int count) {
    return vectors.max(x, from, count);
  }

  @Override
  public float sum(float[] x, int from, int count) {
    return vectors.sum(x, from, count);
  }

  @Override
  public float squaresAround(float[] x, int from, int count, float mean) {
    return vectors.squaresAround(x, from, count, mean);
  }

  @Override
  public float powers(float[] x, int from, int count, float max) {
    return vectors.powers(x, from, count, max);
  }

  @Override
  public void adam(AdamStep step, AdamStep.Memory at, long from, int count) {
    vectors.adam(step, at, from, count);
  }
}
