package dev.heed.attention.mask;

/** Keys that are no padding. */
record PaddingMask(BitRows keep) implements AttentionMask {
  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return keep.get(batch, key);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    return keep.classify(batch, keyFrom, keyTo);
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    keep.requireFit("padding mask", sizes);
  }

  @Override
  public boolean dependsOnBatch() {
    return keep.differByBatch();
  }

  @Override
  public boolean dependsOnHead() {
    return false;
  }
}
