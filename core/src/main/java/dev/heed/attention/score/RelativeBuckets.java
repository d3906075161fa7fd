package dev.heed.attention.score;

/**
 * Sorts distances into buckets, near ones alone and far ones together (Raffel et al. 2020, section
 * 2.1; T5's {@code _relative_position_bucket}).
 *
 * @param bidirectional half of the buckets for keys after the query; else those share bucket 0
 * @param count how many buckets there are, at least 4
 * @param maxDistance from here on all distances share the last bucket
 */
public record RelativeBuckets(boolean bidirectional, int count, int maxDistance) {
  /** Checks the sizes. */
  public RelativeBuckets {
    if (count < 4 || maxDistance <= count / 4) {
      throw new IllegalArgumentException(
          "buckets: expected 4 or more and a larger greatest distance, got "
              + count
              + " and "
              + maxDistance);
    }
  }

  /**
   * The bucket of one distance, in {@code [0, count)}.
   *
   * @param distance key position - query position
   */
  public int bucket(int distance) {
    int buckets = bidirectional ? count / 2 : count;
    int first = bidirectional && distance > 0 ? buckets : 0;
    int away = bidirectional ? Math.abs(distance) : Math.max(-distance, 0);
    int exact = buckets / 2;
    if (away < exact) {
      return first + away;
    }
    // The reference takes the logarithm in float, and a bucket's edge may hang on its last bit.
    float share =
        (float) Math.log((float) away / exact) / (float) Math.log((double) maxDistance / exact);
    int far = exact + (int) (share * (buckets - exact));
    return first + Math.min(far, buckets - 1);
  }
}
