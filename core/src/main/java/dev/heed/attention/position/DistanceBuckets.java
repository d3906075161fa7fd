package dev.heed.attention.position;

import dev.heed.tensor.Tensor;

/**
 * Which of {@code 2·span} rows stands for a distance {@code i - j}: near distances have rows of
 * their own, far ones share, by logarithms (He et al. 2023, "DeBERTaV3", in the code of DeBERTa v2)
 * or the last one only.
 *
 * @param span rows for either direction
 * @param buckets how many the distances are first sorted into, or 0 for none; half of them stand
 *     for the nearest ones alone
 * @param farthest the distance that the last bucket begins with; only with buckets
 */
public record DistanceBuckets(int span, int buckets, int farthest) {
  /** Checks the sizes. */
  public DistanceBuckets {
    if (span < 1 || buckets < 0 || (buckets > 0 && farthest <= 2)) {
      throw new IllegalArgumentException(
          "distances: expected a span from 1, and a farthest distance from 3 with buckets, got "
              + span
              + " and "
              + farthest);
    }
  }

  /** Each distance up to the span has a row. */
  public static DistanceBuckets plain(int span) {
    return new DistanceBuckets(span, 0, 0);
  }

  /**
   * The row of a distance, in {@code [0, 2·span)}.
   *
   * @param distance query position - key position
   */
  public int row(int distance) {
    return Math.clamp(bucket(distance) + (long) span, 0, 2 * span - 1);
  }

  private int bucket(int distance) {
    int middle = buckets / 2;
    int away = Math.abs(distance);
    if (buckets == 0 || away <= middle) {
      return distance;
    }
    // The reference takes logarithms in float, and a bucket's edge may hang on their last bit.
    float share =
        (float) Math.log(away / (float) middle)
            / (float) Math.log((float) ((farthest - 1) / (double) middle));
    int far = (int) Math.ceil(share * (middle - 1)) + middle;
    return distance < 0 ? -far : far;
  }

  /**
   * Rows for all pairs: i64 {@code [queries, keys]}, where the last query stands beside the last
   * key.
   */
  public Tensor rows(long queries, long keys) {
    int height = Math.toIntExact(queries);
    int width = Math.toIntExact(keys);
    int first = width - height;
    int[] byDistance = new int[height + width];
    for (int at = 0; at < byDistance.length; at++) {
      byDistance[at] = row(at - width + 1 + first);
    }
    long[] rows = new long[Math.multiplyExact(height, width)];
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        rows[i * width + j] = byDistance[i - j + width - 1];
      }
    }
    return Tensor.of(rows, height, width);
  }
}
