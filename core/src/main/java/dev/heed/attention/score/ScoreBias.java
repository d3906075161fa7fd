package dev.heed.attention.score;

import dev.heed.attention.mask.AttentionSizes;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * Adds a number to each pair: {@code score + bias[batch][head][row][key]}.
 *
 * <p>Gradients flow to the bias, and through it to whatever it was computed from.
 */
public final class ScoreBias implements ScoreModifier {
  private final Tensor bias;
  private final double[] values;
  private final int batches;
  private final int heads;
  private final int queries;
  private final int keys;

  /**
   * From a written-down bias, whose values are read now.
   *
   * @param bias {@code [B or 1, H or 1, Tq, Tk]}; must stay open while the modifier is used
   */
  public ScoreBias(Tensor bias) {
    if (bias.rank() != 4) {
      throw new ShapeException(
          "score bias: expected [B or 1, H or 1, Tq, Tk], got " + bias.describe());
    }
    this.bias = bias;
    this.values = bias.toDoubleArray();
    this.batches = (int) bias.size(0);
    this.heads = (int) bias.size(1);
    this.queries = (int) bias.size(2);
    this.keys = (int) bias.size(3);
  }

  private int place(int batch, int head, int query, int key) {
    int row = query - (keys - queries);
    int plane = (batches == 1 ? 0 : batch) * heads + (heads == 1 ? 0 : head);
    return (plane * queries + row) * keys + key;
  }

  /**
   * Copies what is added for one query and neighbouring keys.
   *
   * @param query position
   * @param firstKey the first of {@code count} keys
   */
  public void row(int batch, int head, int query, int firstKey, int count, float[] into, int at) {
    int from = place(batch, head, query, firstKey);
    for (int i = 0; i < count; i++) {
      into[at + i] = (float) values[from + i];
    }
  }

  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return score + values[place(batch, head, query, key)];
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    return 1;
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    sizes.requirePairs("score bias", Shape.of(batches, heads, queries, keys));
  }

  @Override
  public List<Tensor> parameters() {
    return List.of(bias);
  }

  @Override
  public void accumulate(
      int batch, int head, int query, int key, double score, double gradient, double[][] into) {
    into[0][place(batch, head, query, key)] += gradient;
  }

  @Override
  public void backward(ScoreTile tile, float[] gradient, double[][] into) {
    double[] sums = into[0];
    for (int lane = 0; lane < tile.queries(); lane++) {
      int to = place(tile.batch(), tile.head(), tile.firstQuery() + lane, tile.firstKey());
      for (int row = tile.from(); row < tile.to(); row++) {
        sums[to + row] += gradient[row * ScoreTile.STRIDE + lane];
      }
    }
  }

  @Override
  public Tensor modify(Tensor scores) {
    return scores.add(bias);
  }
}
