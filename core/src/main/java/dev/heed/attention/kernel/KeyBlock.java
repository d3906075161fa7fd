package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.roundUp;

import dev.heed.tensor.kernel.RowProduct;
import java.util.Arrays;

/**
 * A block of keys and values in a thread's scratch, padded to whole steps of a product by zeros.
 */
final class KeyBlock {
  private KeyBlock() {}

  static void load(Problem problem, Scratch s, int batch, int keyHead, int firstKey, int keys) {
    load(problem.keys(), s.keys, batch, keyHead, firstKey, keys);
    load(problem.values(), s.values, batch, keyHead, firstKey, keys);
  }

  private static void load(
      Operand operand, float[] target, int batch, int head, int first, int rows) {
    int stride = Scratch.padded(operand.width());
    operand.load(batch, head, first, rows, target, 0, stride);
    Arrays.fill(target, rows * stride, roundUp(rows, RowProduct.ROWS) * stride, 0f);
  }
}
