package dev.heed.bench.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;

/**
 * Blocks of 64: the neighbours, the first and the last, and three pseudo-random ones of each row
 * (Zaheer et al., Big Bird, 2020, section 2).
 *
 * @param blocks of the sequence
 */
record BigBirdBlocks(int blocks) implements AttentionMask {
  /** Tokens of a block. */
  static final int SIZE = 64;

  private static final int RANDOM = 3;

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    int row = query / SIZE;
    int column = key / SIZE;
    if (Math.abs(row - column) <= 1 || isGlobal(row) || isGlobal(column)) {
      return true;
    }
    for (int i = 0; i < RANDOM; i++) {
      if (Math.floorMod((row * 31 + i) * 0x9E3779B1, blocks) == column) {
        return true;
      }
    }
    return false;
  }

  private boolean isGlobal(int block) {
    return block == 0 || block == blocks - 1;
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    boolean one = queryFrom / SIZE == (queryTo - 1) / SIZE && keyFrom / SIZE == (keyTo - 1) / SIZE;
    if (!one) {
      return BlockKind.PARTIAL;
    }
    return allows(batch, head, queryFrom, keyFrom) ? BlockKind.FULL : BlockKind.EMPTY;
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
