package dev.heed.attention.mask;

/** The pairs that both masks allow. */
record AndMask(AttentionMask first, AttentionMask second) implements AttentionMask {
  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return first.allows(batch, head, query, key) && second.allows(batch, head, query, key);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    BlockKind one = first.classify(batch, head, queryFrom, queryTo, keyFrom, keyTo);
    if (one == BlockKind.EMPTY) {
      return one;
    }
    BlockKind two = second.classify(batch, head, queryFrom, queryTo, keyFrom, keyTo);
    if (two == BlockKind.EMPTY || one == BlockKind.FULL) {
      return two;
    }
    return BlockKind.PARTIAL;
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    first.requireFit(sizes);
    second.requireFit(sizes);
  }

  @Override
  public boolean dependsOnBatch() {
    return first.dependsOnBatch() || second.dependsOnBatch();
  }

  @Override
  public boolean dependsOnHead() {
    return first.dependsOnHead() || second.dependsOnHead();
  }
}
