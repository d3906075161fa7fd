package dev.heed.attention.score;

import dev.heed.tensor.Tensor;

/**
 * {@code score · factor}.
 *
 * @param factor finite
 */
public record ScoreScale(double factor) implements ScoreModifier {
  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return score * factor;
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    return factor;
  }

  @Override
  public Tensor modify(Tensor scores) {
    return scores.mul(factor);
  }
}
