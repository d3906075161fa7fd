package dev.heed.attention.score;

import dev.heed.attention.mask.AttentionSizes;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adds a learned number for each head and bucket of distances: {@code score + table[bucket(key -
 * query)][head]} (Raffel et al. 2020, section 2.1).
 */
public final class BucketBias implements RelativeBias {
  /** Buckets of larger distances are worked out anew: few tables reach as far. */
  private static final int LARGEST_KEPT = 4096;

  private final RelativeBuckets buckets;
  private final int reach;
  private final int[] near;
  private final Tensor table;
  private final double[] values;
  private final int heads;

  /**
   * From a table whose values are read now.
   *
   * @param table {@code [buckets, H]}; must stay open while the modifier is used
   */
  public BucketBias(RelativeBuckets buckets, Tensor table) {
    if (table.rank() != 2 || table.size(0) != buckets.count()) {
      throw new ShapeException(
          "bucket bias: expected a table [" + buckets.count() + ", H], got " + table.describe());
    }
    this.buckets = buckets;
    this.table = table;
    this.values = table.toDoubleArray();
    this.heads = (int) table.size(1);
    this.reach = Math.min(buckets.maxDistance(), LARGEST_KEPT);
    this.near = IntStream.rangeClosed(-reach, reach).map(buckets::bucket).toArray();
  }

  private int bucket(int distance) {
    return Math.abs(distance) <= reach ? near[distance + reach] : buckets.bucket(distance);
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    sizes.requireHeads("bucket bias", heads);
  }

  @Override
  public double biasOf(int head, int distance) {
    return values[bucket(distance) * heads + head];
  }

  @Override
  public List<Tensor> parameters() {
    return List.of(table);
  }

  @Override
  public void accumulate(
      int batch, int head, int query, int key, double score, double gradient, double[][] into) {
    into[0][bucket(key - query) * heads + head] += gradient;
  }

  @Override
  public Tensor modify(Tensor scores) {
    return TensorScope.run(() -> scores.add(bias((int) scores.size(2), (int) scores.size(3))));
  }

  /** The bias itself, {@code [1, H, queries, keys]}, part of the graph of gradients. */
  public Tensor bias(int queries, int keys) {
    long[] rows = new long[queries * keys];
    for (int row = 0; row < queries; row++) {
      for (int key = 0; key < keys; key++) {
        rows[row * keys + key] = buckets.bucket(key - (row + keys - queries));
      }
    }
    return TensorScope.run(() ->
        table
            .embedding(Tensor.of(rows, rows.length), -1)
            .view(queries, keys, heads)
            .permute(2, 0, 1)
            .unsqueeze(0));
  }
}
