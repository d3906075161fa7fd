package dev.heed.attention.mask;

import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import java.util.Locale;

/**
 * What an attention is over, for masks and score changes that are written for certain sizes.
 *
 * @param batches sequences
 * @param heads of the queries
 * @param queries of each sequence
 * @param keys of each sequence
 */
public record AttentionSizes(int batches, int heads, int queries, int keys) {
  /** Those of scores {@code [B, H, Tq, Tk]}. */
  public static AttentionSizes of(Shape scores) {
    return new AttentionSizes(
        Math.toIntExact(scores.size(0)),
        Math.toIntExact(scores.size(1)),
        Math.toIntExact(scores.size(2)),
        Math.toIntExact(scores.size(3)));
  }

  /** The same with another number of keys. */
  public AttentionSizes withKeys(int other) {
    return new AttentionSizes(batches, heads, queries, other);
  }

  /**
   * Refuses what was written for other pairs than these.
   *
   * @param what its name
   * @param shape {@code [B or 1, H or 1, Tq, Tk]}
   * @throws ShapeException if it is of another shape
   */
  public void requirePairs(String what, Shape shape) {
    boolean fits =
        covers(shape.size(0), batches)
            && covers(shape.size(1), heads)
            && shape.size(2) == queries
            && shape.size(3) == keys;
    require(fits, what, oneOf(batches) + ", " + oneOf(heads) + ", " + queries + ", " + keys, shape);
  }

  /**
   * Refuses what was written for other keys than these.
   *
   * @param what its name
   * @param shape {@code [B or 1, Tk]}
   * @throws ShapeException if it is of another shape
   */
  public void requireKeys(String what, Shape shape) {
    boolean fits = covers(shape.size(0), batches) && shape.size(1) == keys;
    require(fits, what, oneOf(batches) + ", " + keys, shape);
  }

  private void require(boolean fits, String what, String expected, Shape got) {
    if (!fits) {
      throw new ShapeException(
          what
              + ": expected ["
              + expected
              + "] for "
              + this
              + ", got "
              + got
              + "; make it anew for these");
    }
  }

  /**
   * Refuses what was made for another number of heads.
   *
   * @param what its name
   * @param count how many heads it is for
   * @throws ShapeException if that is another number
   */
  public void requireHeads(String what, long count) {
    if (count != heads) {
      throw new ShapeException(
          what
              + ": expected "
              + heads
              + " heads for "
              + this
              + ", got "
              + count
              + "; make it anew for these");
    }
  }

  /** One stands for all. */
  private static boolean covers(long size, int wanted) {
    return size == wanted || size == 1;
  }

  private static String oneOf(int size) {
    return size == 1 ? "1" : size + " or 1";
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d sequences of %d queries and %d keys with %d heads",
        batches,
        queries,
        keys,
        heads);
  }
}
