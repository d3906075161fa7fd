package dev.heed.tensor;

import static dev.heed.tensor.kernel.FloatKernel.PANEL;
import static dev.heed.tensor.kernel.FloatKernel.ROWS;
import static dev.heed.tensor.kernel.FloatKernel.TILE;

import dev.heed.tensor.kernel.BlockKernel;
import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.MemoryType;
import dev.heed.tensor.kernel.PackedBlocks;
import dev.heed.tensor.kernel.Workspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Panels of a matrix whose columns are rows of stored blocks: the usual {@code [out, in]}. */
final class StoredPanels extends Panels {
  private final StoredBlocks stored;
  private final long offset;
  private final long across;

  private StoredPanels(StoredBlocks stored, long offset, long across, int depth, int columns) {
    super(depth, columns);
    this.stored = stored;
    this.offset = offset;
    this.across = across;
  }

  /** A matrix as such, laid out anew where that pays; null where it is not stored so. */
  static @Nullable Panels of(MatrixView matrix, int depth, int columns) {
    StoredBlocks stored = matrix.memory().stored();
    if (stored == null
        || matrix.down() != 1
        || !stored.holdsBlocks(matrix.offset(), depth)
        || !stored.holdsBlocks(matrix.across(), 0)) {
      return null;
    }
    PackedBlocks packed = stored.packed(matrix.offset(), matrix.across(), depth, columns);
    return packed == null
        ? new StoredPanels(stored, matrix.offset(), matrix.across(), depth, columns)
        : new RepackedPanels(packed, depth, columns);
  }

  @Override
  void rows(FloatKernel kernel, float[] a, int at, int first, int end, float[] c, Workspace w) {
    Buffers buffers = Buffers.of(w);
    float[] x = alone(a, at, depth, w);
    float[] sums = groupSums(kernel, x, depth, buffers);
    int column = first * PANEL;
    int count = Math.min(end * PANEL, columns) - column;
    kernel
        .blocks()
        .dots(
            stored.format(),
            x,
            sums,
            stored.bytes(),
            stored.format().bytesOf(offset + column * across),
            stored.format().bytesOf(across),
            depth,
            c,
            0,
            count,
            buffers);
  }

  /** The sum of each group of a row's numbers. */
  static float[] groupSums(FloatKernel kernel, float[] x, int depth, Buffers buffers) {
    int groups = depth / BlockKernel.GROUP;
    float[] sums = buffers.floats(5, groups);
    for (int g = 0; g < groups; g++) {
      sums[g] = kernel.sum(x, g * BlockKernel.GROUP, BlockKernel.GROUP);
    }
    return sums;
  }

  @Override
  boolean takesSeveral() {
    return true;
  }

  @Override
  void several(
      FloatKernel kernel,
      int rows,
      float[] a,
      int first,
      int end,
      float[] c,
      int stride,
      Workspace w) {
    @Nullable MemoryType type =
        switch (stored.format().layout()) {
          case BF16 -> MemoryType.BF16;
          case Q8_0 -> rows > TILE ? MemoryType.Q8_0 : null;
          default -> null;
        };
    if (type == null) {
      super.several(kernel, rows, a, first, end, c, stride, w);
      return;
    }
    int count = type == MemoryType.Q8_0 ? (rows + ROWS - 1) / ROWS * ROWS : rows;
    long at = stored.format().bytesOf(offset + first * PANEL * across);
    long apart = stored.format().bytesOf(across);
    inMemory(kernel, count, a, stored.bytes(), at, apart, type, first, end, c, stride, w);
  }

  @Override
  void columns(int first, int count, float[] into, Workspace w) {
    for (int j = 0; j < count; j++) {
      stored.decode(offset + (first + j) * across, into, j * depth, depth, Buffers.of(w));
    }
  }

  @Override
  void row(FloatKernel kernel, float[] a, int at, int panel, float[] c, int ct, Workspace w) {
    throw new AssertionError("rows() multiplies by all of them");
  }

  @Override
  int grain() {
    return stored.format().values();
  }

  @Override
  float[] part(FloatKernel kernel, int panel, int from, int count, float[] into, Workspace w) {
    Buffers buffers = Buffers.of(w);
    float[] row = buffers.floats(4, count);
    int first = panel * PANEL;
    int width = Math.min(PANEL, columns - first);
    if (width < PANEL) {
      Arrays.fill(into, 0, count * PANEL, 0);
    }
    for (int j = 0; j < width; j++) {
      stored.decode(offset + (first + j) * across + from, row, 0, count, buffers);
      for (int l = 0; l < count; l++) {
        into[l * PANEL + j] = row[l];
      }
    }
    return into;
  }

  @Override
  int start(int panel, int from) {
    return 0;
  }
}
