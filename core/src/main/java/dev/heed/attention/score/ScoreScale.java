package dev.heed.attention.score;

import dev.heed.tensor.Tensor;

/**
 * {@code score · factor}.
 *
 * @param factor finite
 */
public record ScoreScale(double factor) implements ScoreModifier {
  /** Checks the factor. */
  public ScoreScale {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException(
          "score scale: expected a finite number, got " + factor + "; 1 changes nothing");
    }
  }

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
