package dev.heed.attention.mask;

/**
 * Every {@code dilation}-th key around the query.
 *
 * @param before keys seen before the query's own place
 * @param after keys seen after it
 * @param dilation their distance
 */
record DilatedWindowMask(int before, int after, int dilation) implements AttentionMask {
  DilatedWindowMask {
    if (before < 0 || after < 0 || dilation < 1) {
      throw new IllegalArgumentException(
          "dilated window: expected 0 or more keys before and after, 1 or more apart, got "
              + before
              + ", "
              + after
              + " and "
              + dilation);
    }
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return (query - key) % dilation == 0 && band().allows(batch, head, query, key);
  }

  /** All keys between the outermost ones. */
  private WindowMask band() {
    return new WindowMask(reach(before), reach(after));
  }

  private int reach(int keys) {
    return (int) Math.min((long) keys * dilation, WindowMask.UNBOUNDED);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    BlockKind kind = band().classify(batch, head, queryFrom, queryTo, keyFrom, keyTo);
    return kind == BlockKind.FULL && dilation > 1 ? BlockKind.PARTIAL : kind;
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
