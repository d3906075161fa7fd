package dev.heed.tensor;

import static dev.heed.tensor.kernel.FloatKernel.ROWS;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.PackedBlocks;
import dev.heed.tensor.kernel.Workspace;

/** Panels of stored blocks that were laid out anew, their numbers as narrow as before. */
final class RepackedPanels extends Panels {
  private final PackedBlocks packed;

  RepackedPanels(PackedBlocks packed, int depth, int columns) {
    super(depth, columns);
    this.packed = packed;
  }

  @Override
  void rows(FloatKernel kernel, float[] a, int at, int first, int end, float[] c, Workspace w) {
    Buffers buffers = Buffers.of(w);
    float[] x = alone(a, at, depth, w);
    packed.multiply(x, StoredPanels.groupSums(kernel, x, depth, buffers), first, end, c, buffers);
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
    packed.multiply((rows + ROWS - 1) / ROWS * ROWS, a, first, end, c, stride, Buffers.of(w));
  }

  @Override
  void row(FloatKernel kernel, float[] a, int at, int panel, float[] c, int ct, Workspace w) {
    throw new AssertionError("rows() multiplies by all of them");
  }

  @Override
  int grain() {
    return PackedBlocks.GROUP;
  }

  @Override
  float[] part(FloatKernel kernel, int panel, int from, int count, float[] into, Workspace w) {
    packed.decode(panel, from, count, into, Buffers.of(w));
    return into;
  }

  @Override
  int start(int panel, int from) {
    return 0;
  }
}
