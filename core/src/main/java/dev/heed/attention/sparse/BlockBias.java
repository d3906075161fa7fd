package dev.heed.attention.sparse;

import dev.heed.attention.score.RelativeBuckets;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Adds a learned number to the scores of sums of blocks, which stand in front of the tokens: {@code
 * score + table[bucket(sum - block of the query)][head]} (Guo et al. 2022, section 3.2).
 */
final class BlockBias implements ScoreModifier {
  private final RelativeBuckets buckets;
  private final Tensor table;
  private final Tensor blocks;
  private final double[] values;
  private final long[] blockOf;
  private final int heads;
  private final int time;
  private final int count;

  /**
   * From a table whose values are read now.
   *
   * @param table {@code [buckets, H]}; must stay open while the modifier is used
   * @param blocks of each token, i64 {@code [B, T]}
   * @param count how many sums stand in front
   */
  BlockBias(RelativeBuckets buckets, Tensor table, Tensor blocks, int count) {
    this.buckets = buckets;
    this.table = table;
    this.blocks = blocks;
    this.values = table.toDoubleArray();
    this.blockOf = blocks.toLongArray();
    this.heads = (int) table.size(1);
    this.time = (int) blocks.size(1);
    this.count = count;
  }

  private int place(int batch, int head, int query, int key) {
    int distance = key - (int) blockOf[batch * time + query - count];
    return buckets.bucket(distance) * heads + head;
  }

  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return key < count ? score + values[place(batch, head, query, key)] : score;
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
    if (key < count) {
      into[0][place(batch, head, query, key)] += gradient;
    }
  }

  @Override
  public Tensor modify(Tensor scores) {
    int batch = (int) blocks.size(0);
    long[] rows = new long[batch * time * count];
    for (int token = 0; token < batch * time; token++) {
      for (int sum = 0; sum < count; sum++) {
        rows[token * count + sum] = buckets.bucket(sum - (int) blockOf[token]);
      }
    }
    return TensorScope.run(() -> {
      Tensor bias =
          table
              .embedding(Tensor.of(rows, rows.length), -1)
              .view(batch, time, count, heads)
              .permute(0, 3, 1, 2);
      return scores.add(bias.pad(0, 0, scores.size(-1) - count));
    });
  }
}
