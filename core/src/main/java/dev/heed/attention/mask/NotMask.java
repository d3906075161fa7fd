package dev.heed.attention.mask;

/** The pairs that a mask forbids. */
record NotMask(AttentionMask mask) implements AttentionMask {
  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return !mask.allows(batch, head, query, key);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    return switch (mask.classify(batch, head, queryFrom, queryTo, keyFrom, keyTo)) {
      case EMPTY -> BlockKind.FULL;
      case FULL -> BlockKind.EMPTY;
      case PARTIAL -> BlockKind.PARTIAL;
    };
  }

  @Override
  public AttentionMask not() {
    return mask;
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    mask.requireFit(sizes);
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
