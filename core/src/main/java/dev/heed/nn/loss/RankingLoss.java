package dev.heed.nn.loss;

import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Losses that keep what belongs together nearer, by a margin, than what does not; means are over
 * the rows.
 *
 * @param margin m
 */
public record RankingLoss(double margin) {
  private static final double DIFFERENCE_EPSILON = 1e-6;
  private static final double SQUARE_EPSILON = 1e-12;

  /**
   * {@code max(0, -y(a - b) + m)}.
   *
   * @param a scores, any shape
   * @param b scores of that shape
   * @param target y: 1 where a should be the larger, -1 where b should
   */
  public Tensor pairs(Tensor a, Tensor b, Tensor target, LossReduction reduction) {
    return TensorScope.run(() -> reduction.of(a.sub(b).mul(target.neg()).add(margin).relu()));
  }

  /**
   * {@code 1 - cos} where the target is 1, {@code max(0, cos - m)} where it is -1.
   *
   * @param a {@code [N, D]}
   * @param b {@code [N, D]}
   * @param target {@code [N]} of 1 and -1
   */
  public Tensor cosine(Tensor a, Tensor b, Tensor target, LossReduction reduction) {
    return TensorScope.run(() -> {
      Tensor lengths =
          a.square()
              .sum(-1, false)
              .add(SQUARE_EPSILON)
              .mul(b.square().sum(-1, false).add(SQUARE_EPSILON))
              .sqrt();
      Tensor cosine = a.mul(b).sum(-1, false).div(lengths);
      Tensor together = cosine.neg().add(1);
      Tensor apart = cosine.sub(margin).relu();
      return reduction.of(Tensor.where(target.eq(1), together, apart));
    });
  }

  /**
   * {@code max(0, d(anchor, positive) - d(anchor, negative) + m)} with {@code d = ‖x - y + 10⁻⁶‖ₚ}
   * (Schroff et al. 2015; Balntas et al. 2016, section 3.3 for the swap).
   *
   * @param anchor {@code [N, D]}
   * @param positive {@code [N, D]}, to be near
   * @param negative {@code [N, D]}, to be far
   * @param degree p, from 1; may be infinite
   * @param swap whether d(positive, negative) stands in where it is the smaller
   */
  public Tensor triplets(
      Tensor anchor,
      Tensor positive,
      Tensor negative,
      double degree,
      boolean swap,
      LossReduction reduction) {
    return TensorScope.run(() -> {
      Tensor near = distance(anchor, positive, degree);
      Tensor far = distance(anchor, negative, degree);
      if (swap) {
        far = far.minimum(distance(positive, negative, degree));
      }
      return reduction.of(near.sub(far).add(margin).relu());
    });
  }

  private static Tensor distance(Tensor a, Tensor b, double degree) {
    Tensor difference = a.sub(b).add(DIFFERENCE_EPSILON);
    if (degree == 2) {
      return difference.norm(-1, false);
    }
    Tensor sizes = difference.abs();
    if (degree == 1) {
      return sizes.sum(-1, false);
    }
    return Double.isInfinite(degree)
        ? sizes.amax(-1, false)
        : sizes.pow(degree).sum(-1, false).pow(1 / degree);
  }
}
