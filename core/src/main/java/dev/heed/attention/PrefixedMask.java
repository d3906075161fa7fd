package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.AttentionSizes;
import dev.heed.attention.mask.BlockKind;

/**
 * A mask over the keys after a prefix that every query sees.
 *
 * @param mask numbers the sequence's own keys from 0
 * @param length of the prefix
 */
record PrefixedMask(AttentionMask mask, int length) implements AttentionMask {
  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return key < length || mask.allows(batch, head, query - length, key - length);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    if (keyTo <= length) {
      return BlockKind.FULL;
    }
    BlockKind own =
        mask.classify(
            batch,
            head,
            queryFrom - length,
            queryTo - length,
            Math.max(0, keyFrom - length),
            keyTo - length);
    return keyFrom >= length || own == BlockKind.FULL ? own : BlockKind.PARTIAL;
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    mask.requireFit(sizes.withKeys(sizes.keys() - length));
  }

  @Override
  public boolean dependsOnBatch() {
    return mask.dependsOnBatch();
  }

  @Override
  public boolean dependsOnHead() {
    return mask.dependsOnHead();
  }
}
