package dev.heed.attention.score;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Adds a learned number for each head and bucket of distances: {@code score + table[bucket(key -
 * query)][head]} (Raffel et al. 2020, section 2.1).
 */
public final class BucketBias implements ScoreModifier {
  private final RelativeBuckets buckets;
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
  }

  private int place(int head, int query, int key) {
    return buckets.bucket(key - query) * heads + head;
  }

  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return score + values[place(head, query, key)];
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    return 1;
  }

  @Override
  public List<Tensor> parameters() {
    return List.of(table);
  }

  @Override
  public void accumulate(
      int batch, int head, int query, int key, double score, double gradient, double[][] into) {
    into[0][place(head, query, key)] += gradient;
  }

  @Override
  public void modify(ScoreTile tile) {
    // Pairs on one diagonal share a bucket: each is looked up once.
    int lowest = tile.firstKey() + tile.from() - (tile.firstQuery() + tile.queries() - 1);
    int diagonals = tile.to() - tile.from() + tile.queries() - 1;
    float[] bias = new float[Math.max(0, diagonals)];
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) values[buckets.bucket(lowest + i) * heads + tile.head()];
    }
    for (int row = tile.from(); row < tile.to(); row++) {
      for (int lane = 0; lane < tile.queries(); lane++) {
        tile.scores()[row * ScoreTile.STRIDE + lane] +=
            bias[row - tile.from() + tile.queries() - 1 - lane];
      }
    }
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
