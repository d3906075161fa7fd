package dev.heed.attention.mask;

import dev.heed.tensor.Tensor;

/** Writes a mask down as a tensor of truth values. */
final class WrittenMask {
  private WrittenMask() {}

  static Tensor of(AttentionMask mask, int batches, int heads, int queries, int keys) {
    mask.requireFit(new AttentionSizes(batches, heads, queries, keys));
    int planes = mask.dependsOnBatch() ? batches : 1;
    int rows = mask.dependsOnHead() ? heads : 1;
    boolean[] allowed =
        new boolean
            [Math.toIntExact(Math.multiplyExact((long) planes * rows, (long) queries * keys))];
    int at = 0;
    for (int batch = 0; batch < planes; batch++) {
      for (int head = 0; head < rows; head++) {
        for (int row = 0; row < queries; row++) {
          for (int key = 0; key < keys; key++) {
            allowed[at++] = mask.allows(batch, head, row + keys - queries, key);
          }
        }
      }
    }
    return Tensor.of(allowed, planes, rows, queries, keys);
  }
}
