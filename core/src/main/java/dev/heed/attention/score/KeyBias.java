package dev.heed.attention.score;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Adds a fixed number for each head and key: {@code score + bias[batch][head][key]}. ALiBi is one,
 * since what all keys of a query have in common does not change its weights.
 */
public final class KeyBias implements ScoreModifier {
  private final Tensor bias;
  private final double[] values;
  private final int batches;
  private final int heads;
  private final int keys;

  /**
   * From numbers that are read now; no gradients flow to them.
   *
   * @param bias {@code [B or 1, H or 1, 1, Tk]}; must stay open while the modifier is used
   */
  public KeyBias(Tensor bias) {
    if (bias.rank() != 4 || bias.size(2) != 1) {
      throw new ShapeException(
          "key bias: expected [B or 1, H or 1, 1, Tk], got " + bias.describe());
    }
    this.bias = bias;
    this.values = bias.toDoubleArray();
    this.batches = (int) bias.size(0);
    this.heads = (int) bias.size(1);
    this.keys = (int) bias.size(3);
  }

  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    int plane = (batches == 1 ? 0 : batch) * heads + (heads == 1 ? 0 : head);
    return score + values[plane * keys + key];
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    return 1;
  }

  @Override
  public Tensor modify(Tensor scores) {
    return TensorScope.run(() -> scores.add(bias.to(scores.dtype())));
  }
}
