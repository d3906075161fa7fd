package dev.heed.attention.score;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Keeps scores within {@code ±cap}: {@code cap · tanh(score / cap)} (Gemma 2, Gemma Team 2024,
 * section 2).
 *
 * @param cap above 0, finite
 */
public record SoftCap(double cap) implements ScoreModifier {
  /** Checks the cap. */
  public SoftCap {
    if (!(cap > 0 && cap < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "soft cap: expected a finite number above 0, got " + cap + "; leave it out for no cap");
    }
  }

  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return cap * Math.tanh(score / cap);
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    double tanh = Math.tanh(score / cap);
    return 1 - tanh * tanh;
  }

  @Override
  public Tensor modify(Tensor scores) {
    return TensorScope.run(() -> scores.div(cap).tanh().mul(cap));
  }
}
