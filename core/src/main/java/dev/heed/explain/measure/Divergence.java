package dev.heed.explain.measure;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * How far probabilities are from others, over the last dimension; zeros add nothing.
 *
 * <p>Both are {@code [..., outcomes]} or broadcast to it; results are {@code [...]}.
 */
public final class Divergence {
  private Divergence() {}

  /** Total variation distance: {@code ½ Σ |p - q|}, at most 1. */
  public static Tensor totalVariation(Tensor p, Tensor q) {
    return TensorScope.run(() -> p.sub(q).abs().sum(-1, false).div(2));
  }

  /** Kullback and Leibler's {@code Σ p ln(p / q)} in nats; infinite where q lacks what p has. */
  public static Tensor kullbackLeibler(Tensor p, Tensor q) {
    return TensorScope.run(() -> {
      Tensor terms = p.mul(p.div(q).log());
      return terms.maskedFill(p.eq(0).expand(terms.shape().toArray()), 0).sum(-1, false);
    });
  }

  /**
   * Jensen and Shannon's {@code (KL(p | m) + KL(q | m)) / 2} with {@code m = (p + q) / 2}, in nats:
   * at most ln 2.
   */
  public static Tensor jensenShannon(Tensor p, Tensor q) {
    return TensorScope.run(() -> {
      Tensor middle = p.add(q).div(2);
      return kullbackLeibler(p, middle).add(kullbackLeibler(q, middle)).div(2);
    });
  }
}
