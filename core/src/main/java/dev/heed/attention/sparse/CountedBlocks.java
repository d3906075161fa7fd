package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import dev.heed.attention.score.ScoreModifier;
import java.util.Arrays;

/**
 * Which blocks of keys each block of queries sees, and how often each of them counts: {@code
 * exp(score) · count} in the softmax, so a key that a pattern lists twice has twice the weight
 * (BigBird's random blocks may repeat others; Zaheer et al. 2020, in its code).
 */
public final class CountedBlocks implements AttentionMask {
  private final int blockSize;
  private final int[][][] counts;

  /**
   * From counts.
   *
   * @param blockSize tokens a block
   * @param counts by head, block of queries and block of keys: 0 for not seen
   */
  public CountedBlocks(int blockSize, int[][][] counts) {
    this.blockSize = blockSize;
    this.counts = counts;
  }

  /**
   * BigBird's: the first and the last block see all; any other sees these two, itself and its
   * neighbours, and its random blocks.
   *
   * @param blockSize tokens a block
   * @param blocks of the sequence, from 5
   * @param random by head and block of queries from the second to the last but one: its random
   *     blocks
   */
  public static CountedBlocks bigBird(int blockSize, int blocks, long[][][] random) {
    int[][][] counts = new int[random.length][blocks][blocks];
    for (int head = 0; head < random.length; head++) {
      Arrays.fill(counts[head][0], 1);
      Arrays.fill(counts[head][blocks - 1], 1);
      for (int query = 1; query < blocks - 1; query++) {
        int[] row = counts[head][query];
        for (int key : new int[] {0, query - 1, query, query + 1, blocks - 1}) {
          row[key] = 1;
        }
        for (long key : random[head][query - 1]) {
          row[Math.toIntExact(key)]++;
        }
      }
    }
    return new CountedBlocks(blockSize, counts);
  }

  private int count(int head, int query, int key) {
    int[][] own = counts[head % counts.length];
    int row = query / blockSize;
    int column = key / blockSize;
    return query >= 0 && row < own.length && column < own.length ? own[row][column] : 0;
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return count(head, query, key) > 0;
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    boolean some = false;
    boolean all = true;
    for (int query = queryFrom; query < queryTo; query = next(query)) {
      for (int key = keyFrom; key < keyTo; key = next(key)) {
        boolean seen = count(head, query, key) > 0;
        some |= seen;
        all &= seen;
      }
    }
    return all ? BlockKind.FULL : some ? BlockKind.PARTIAL : BlockKind.EMPTY;
  }

  private int next(int position) {
    return position < 0 ? 0 : (position / blockSize + 1) * blockSize;
  }

  @Override
  public boolean dependsOnBatch() {
    return false;
  }

  @Override
  public boolean dependsOnHead() {
    return counts.length > 1;
  }

  /** The change of scores that makes a block count: {@code score + ln(count)}. */
  public ScoreModifier weighting() {
    return new Weighting(this);
  }

  private record Weighting(CountedBlocks blocks) implements ScoreModifier {
    @Override
    public double modify(int batch, int head, int query, int key, double score) {
      int count = blocks.count(head, query, key);
      return count > 1 ? score + Math.log(count) : score;
    }

    @Override
    public double derivative(int batch, int head, int query, int key, double score) {
      return 1;
    }
  }
}
