package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.AttentionSizes;
import dev.heed.attention.mask.BlockKind;
import dev.heed.tensor.Shape;

/**
 * {@link FixedMask} over keys in another order: the summaries of all stretches first, then the
 * other keys; so that a query sees the beginning of the first part and one stretch of the second,
 * and most blocks are empty. Queries stay where they are.
 *
 * @param stride positions a stretch
 * @param summary positions at its end that later stretches see, less than the stride
 * @param length of the sequence
 */
record SummaryFirstMask(int stride, int summary, int length) implements AttentionMask {
  /** The positions in that order. */
  long[] order() {
    long[] order = new long[length];
    for (int place = 0; place < length; place++) {
      order[place] = position(place);
    }
    return order;
  }

  private int summaries() {
    return length / stride * summary + Math.max(0, length % stride - (stride - summary));
  }

  /** What stands at a place of the order. */
  private int position(int place) {
    int others = place - summaries();
    int plain = stride - summary;
    return others < 0
        ? place / summary * stride + plain + place % summary
        : others / plain * stride + others % plain;
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    int position = position(key);
    return position <= query && (key < summaries() || position / stride == query / stride);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    int summaries = summaries();
    if (keyFrom < summaries && keyTo > summaries) {
      return BlockKind.PARTIAL;
    }
    int first = position(keyFrom);
    int last = position(keyTo - 1);
    boolean near = keyFrom >= summaries;
    if (first > queryTo - 1 || (near && last / stride < queryFrom / stride)) {
      return BlockKind.EMPTY;
    }
    boolean together = first / stride == (queryTo - 1) / stride;
    return last <= queryFrom && (!near || together) ? BlockKind.FULL : BlockKind.PARTIAL;
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    sizes.requirePairs("pattern in another order", Shape.of(1, 1, length, length));
  }

  @Override
  public boolean dependsOnBatch() {
    return false;
  }

  @Override
  public boolean dependsOnHead() {
    return false;
  }
}
