package dev.heed.attention.mask;

/**
 * The first keys, for every query.
 *
 * @param length how many
 */
record PrefixMask(int length) implements AttentionMask {
  PrefixMask {
    if (length < 0) {
      throw new IllegalArgumentException("prefix: expected 0 or more keys, got " + length);
    }
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return key < length;
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    if (keyFrom >= length) {
      return BlockKind.EMPTY;
    }
    return keyTo <= length ? BlockKind.FULL : BlockKind.PARTIAL;
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
