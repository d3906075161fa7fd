package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.AttentionSizes;
import dev.heed.attention.mask.BlockKind;
import dev.heed.tensor.ShapeException;
import java.util.BitSet;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * BigBird's pattern of blocks: a window, global blocks at both ends, and random blocks for every
 * query block and head (Zaheer et al. 2020, section 2 and appendix D).
 *
 * <p>The random blocks of a query block are distinct and lie outside its window and the global
 * blocks; two masks of one {@link Pattern} are equal and draw the same blocks.
 */
public final class BigBirdMask implements AttentionMask {
  /**
   * What the mask is made of, in blocks.
   *
   * @param blockSize tokens a block
   * @param blocks of the sequence
   * @param heads that draw blocks of their own
   * @param window blocks on either side of the query's
   * @param globals blocks at each end that see all and are seen by all
   * @param randoms random blocks for each query block
   * @param seed of the draw
   */
  public record Pattern(
      int blockSize, int blocks, int heads, int window, int globals, int randoms, long seed) {
    /** Checks the sizes. */
    public Pattern {
      if (blockSize < 1 || blocks < 1 || heads < 1 || window < 0 || globals < 0 || randoms < 0) {
        throw new IllegalArgumentException(
            "BigBird: expected block size, blocks and heads from 1 and window, globals and randoms"
                + " from 0, got "
                + blockSize
                + ", "
                + blocks
                + ", "
                + heads
                + ", "
                + window
                + ", "
                + globals
                + ", "
                + randoms);
      }
    }

    private boolean isGlobal(int block) {
      return block < globals || block >= blocks - globals;
    }

    private boolean always(int query, int key) {
      return isGlobal(query) || isGlobal(key) || Math.abs(query - key) <= window;
    }
  }

  private final Pattern pattern;

  /** By head and query block: which key blocks it sees. */
  private final BitSet[][] seen;

  /** Draws the random blocks. */
  public BigBirdMask(Pattern pattern) {
    this.pattern = pattern;
    this.seen = new BitSet[pattern.heads()][pattern.blocks()];
    SplittableRandom random = new SplittableRandom(pattern.seed());
    for (BitSet[] rows : seen) {
      for (int query = 0; query < rows.length; query++) {
        rows[query] = row(query, random);
      }
    }
  }

  private BitSet row(int query, SplittableRandom random) {
    BitSet row = new BitSet(pattern.blocks());
    for (int key = 0; key < pattern.blocks(); key++) {
      row.set(key, pattern.always(query, key));
    }
    for (int drawn = 0;
        drawn < pattern.randoms() && row.cardinality() < pattern.blocks();
        drawn++) {
      int key = random.nextInt(pattern.blocks());
      while (row.get(key)) {
        key = (key + 1) % pattern.blocks();
      }
      row.set(key);
    }
    return row;
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return query >= 0 && allowsBlock(head, query / pattern.blockSize(), key / pattern.blockSize());
  }

  private boolean allowsBlock(int head, int query, int key) {
    return query < pattern.blocks()
        && key < pattern.blocks()
        && seen[head % pattern.heads()][query].get(key);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    if (queryFrom < 0) {
      return BlockKind.PARTIAL;
    }
    int size = pattern.blockSize();
    boolean first = allowsBlock(head, queryFrom / size, keyFrom / size);
    for (int query = queryFrom / size; query <= (queryTo - 1) / size; query++) {
      for (int key = keyFrom / size; key <= (keyTo - 1) / size; key++) {
        if (allowsBlock(head, query, key) != first) {
          return BlockKind.PARTIAL;
        }
      }
    }
    return first ? BlockKind.FULL : BlockKind.EMPTY;
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    int needed = (sizes.keys() + pattern.blockSize() - 1) / pattern.blockSize();
    if (needed > pattern.blocks() || (dependsOnHead() && sizes.heads() % pattern.heads() != 0)) {
      throw new ShapeException(
          String.format(
                  Locale.ROOT,
                  "BigBird: expected at least %d blocks of %d, and heads that divide those of %s,"
                      + " got %s",
                  needed,
                  pattern.blockSize(),
                  sizes,
                  pattern)
              + "; make the mask anew for these");
    }
  }

  @Override
  public boolean dependsOnBatch() {
    return false;
  }

  @Override
  public boolean dependsOnHead() {
    return pattern.heads() > 1 && pattern.randoms() > 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BigBirdMask mask && mask.pattern.equals(pattern);
  }

  @Override
  public int hashCode() {
    return pattern.hashCode();
  }

  @Override
  public String toString() {
    return "BigBirdMask[" + pattern + "]";
  }
}
