package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.AttentionSizes;
import dev.heed.attention.mask.BlockKind;
import dev.heed.tensor.Shape;

/**
 * {@link StridedMask} for a sequence in which the positions of equal remainder by the stride stand
 * next to each other, in their order: then what a query sees is one stretch, and most blocks are
 * empty.
 *
 * @param stride from 1
 * @param length of the sequence
 */
record ResidueMask(int stride, int length) implements AttentionMask {
  /** The positions in that order. */
  long[] order() {
    long[] order = new long[length];
    int next = 0;
    for (int residue = 0; residue < stride; residue++) {
      for (int position = residue; position < length; position += stride) {
        order[next++] = position;
      }
    }
    return order;
  }

  /** The remainder of what stands at a place of the order. */
  private int residue(int place) {
    int longer = length % stride; // so many remainders have one position more
    int size = length / stride;
    int inLonger = longer * (size + 1);
    return place < inLonger ? place / (size + 1) : longer + (place - inLonger) / size;
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return key <= query && residue(query) == residue(key);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    int last = queryTo - 1;
    if (keyFrom > last || residue(keyTo - 1) < residue(queryFrom)) {
      return BlockKind.EMPTY;
    }
    boolean one = residue(keyFrom) == residue(last);
    return one && keyTo - 1 <= queryFrom ? BlockKind.FULL : BlockKind.PARTIAL;
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
