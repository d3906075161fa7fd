package dev.heed.attention.score;

/**
 * A rectangle of scores, as the kernel holds it: queries side by side, one row a key.
 *
 * <p>The score of lane {@code i} ({@code 0 ≤ i < queries()}) and row {@code j} ({@code from() ≤ j <
 * to()}) belongs to the query at position {@code firstQuery() + i} and the key {@code firstKey() +
 * j}; it lies at {@code j * STRIDE + i}. A tile is lent for one call; the kernel reuses it.
 */
public final class ScoreTile {
  /** Distance of rows in {@link #scores()}. */
  public static final int STRIDE = 32;

  private final float[] scores;
  private int batch;
  private int head;
  private int firstQuery;
  private int queries;
  private int firstKey;
  private int from;
  private int to;

  /** A tile over these scores, which it shares. */
  public ScoreTile(float[] scores) {
    this.scores = scores;
  }

  /**
   * Moves the tile to another place.
   *
   * @param firstQuery position of lane 0
   * @param queries lanes in use
   * @param firstKey key of row 0
   * @param from first row in use
   * @param to end of the rows in use
   * @return this
   */
  public ScoreTile at(
      int batch, int head, int firstQuery, int queries, int firstKey, int from, int to) {
    this.batch = batch;
    this.head = head;
    this.firstQuery = firstQuery;
    this.queries = queries;
    this.firstKey = firstKey;
    this.from = from;
    this.to = to;
    return this;
  }

  /**
   * Narrows the rows in use.
   *
   * @return this
   */
  public ScoreTile rows(int first, int end) {
    this.from = first;
    this.to = end;
    return this;
  }

  /** The scores themselves: change them in place. */
  public float[] scores() {
    return scores;
  }

  /** Index of the sequence in the batch. */
  public int batch() {
    return batch;
  }

  /** Query head. */
  public int head() {
    return head;
  }

  /** Position of lane 0. */
  public int firstQuery() {
    return firstQuery;
  }

  /** Lanes in use. */
  public int queries() {
    return queries;
  }

  /** Key of row 0. */
  public int firstKey() {
    return firstKey;
  }

  /** First row in use. */
  public int from() {
    return from;
  }

  /** End of the rows in use. */
  public int to() {
    return to;
  }
}
