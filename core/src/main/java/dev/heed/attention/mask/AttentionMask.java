package dev.heed.attention.mask;

/**
 * Which keys a query may attend to: {@code true} = may attend.
 *
 * <p>The predicate is the single truth: the kernel tiles it, tests materialise it, the explorer
 * draws it. A lambda is a whole mask; built-in masks also say cheaply what a block holds, and on
 * which axes they do not depend, so that their block schedule is found without asking for every
 * pair.
 *
 * <p>Positions, not row numbers: keys are numbered {@code 0 … Tk - 1} and queries so that the last
 * query stands beside the last key, {@code position = row + (Tk - Tq)}. Self-attention sees row
 * numbers; one query over a cache of keys sees its own place; a causal mask is aligned bottom-right
 * without knowing any length. With more queries than keys the first positions are negative.
 *
 * <p>A mask must give the same answer every time: schedules are cached by {@code equals}.
 */
@FunctionalInterface
public interface AttentionMask {
  /** Above this many pairs the default {@link #classify} does not look. */
  int LARGEST_TESTED_BLOCK = 4096;

  /**
   * Whether a query may attend to a key.
   *
   * @param batch in {@code [0, B)}
   * @param head query head in {@code [0, H)}
   * @param query position, {@code row + (Tk - Tq)}
   * @param key in {@code [0, Tk)}
   */
  boolean allows(int batch, int head, int query, int key);

  /**
   * What the block {@code [queryFrom, queryTo) × [keyFrom, keyTo)} holds; {@link BlockKind#PARTIAL}
   * is always a right answer, the others must be true of every pair.
   *
   * <p>The default tests every pair of a small block and says {@code PARTIAL} of a large one.
   */
  default BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    if ((long) (queryTo - queryFrom) * (keyTo - keyFrom) > LARGEST_TESTED_BLOCK) {
      return BlockKind.PARTIAL;
    }
    boolean first = allows(batch, head, queryFrom, keyFrom);
    for (int query = queryFrom; query < queryTo; query++) {
      for (int key = keyFrom; key < keyTo; key++) {
        if (allows(batch, head, query, key) != first) {
          return BlockKind.PARTIAL;
        }
      }
    }
    return first ? BlockKind.FULL : BlockKind.EMPTY;
  }

  /** Whether the answer may differ between the sequences of a batch. */
  default boolean dependsOnBatch() {
    return true;
  }

  /** Whether the answer may differ between heads. */
  default boolean dependsOnHead() {
    return true;
  }
}
