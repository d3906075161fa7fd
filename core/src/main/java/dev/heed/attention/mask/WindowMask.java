package dev.heed.attention.mask;

/**
 * A band around the diagonal: {@code query - before <= key <= query + after}.
 *
 * @param before keys seen before the query's own place
 * @param after keys seen after it
 */
record WindowMask(int before, int after) implements AttentionMask {
  /** Further than any two positions are apart; half the range, so that sums do not overflow. */
  static final int UNBOUNDED = Integer.MAX_VALUE / 2;

  static final WindowMask FULL = new WindowMask(UNBOUNDED, UNBOUNDED);
  static final WindowMask CAUSAL = new WindowMask(UNBOUNDED, 0);

  WindowMask {
    if (before < 0 || after < 0) {
      throw new IllegalArgumentException(
          "window: expected 0 or more keys before and after the query, got "
              + before
              + " and "
              + after);
    }
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return query - key <= before && key - query <= after;
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    int nearestBefore = queryFrom - (keyTo - 1);
    int furthestBefore = queryTo - 1 - keyFrom;
    if (nearestBefore > before || -furthestBefore > after) {
      return BlockKind.EMPTY;
    }
    return furthestBefore <= before && -nearestBefore <= after ? BlockKind.FULL : BlockKind.PARTIAL;
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
