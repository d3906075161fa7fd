package dev.heed.attention.mask;

/** Tokens that see everything and that everything sees (Beltagy et al. 2020, section 3.1). */
record GlobalTokensMask(BitRows global) implements AttentionMask {
  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return global.get(batch, key) || global.get(batch, query);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    BlockKind queries = global.classify(batch, queryFrom, queryTo);
    BlockKind keys = global.classify(batch, keyFrom, keyTo);
    if (queries == BlockKind.FULL || keys == BlockKind.FULL) {
      return BlockKind.FULL;
    }
    return queries == BlockKind.EMPTY && keys == BlockKind.EMPTY
        ? BlockKind.EMPTY
        : BlockKind.PARTIAL;
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    global.requireFit("global tokens", sizes);
  }

  @Override
  public boolean dependsOnBatch() {
    return global.differByBatch();
  }

  @Override
  public boolean dependsOnHead() {
    return false;
  }
}
