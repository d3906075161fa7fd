package dev.heed.nn.loss;

import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** The Kullback-Leibler divergence {@code Σ t (log t - log p)}; a t of 0 gives 0. */
public final class KlDivergence {
  private KlDivergence() {}

  /**
   * The terms, their sum or their mean.
   *
   * @param logProbabilities log p, any shape
   * @param targets t of that shape, from 0
   * @param reduction the mean is over all elements; see {@link #perRow}
   */
  public static Tensor apply(Tensor logProbabilities, Tensor targets, LossReduction reduction) {
    return TensorScope.run(() -> {
      Tensor nothing = targets.eq(0);
      Tensor entropy = targets.mul(targets.maskedFill(nothing, 1).log());
      return reduction.of(entropy.sub(targets.mul(logProbabilities)));
    });
  }

  /** The sum divided by the number of rows, the divergence itself: {@code batchmean} in PyTorch. */
  public static Tensor perRow(Tensor logProbabilities, Tensor targets) {
    return TensorScope.run(() ->
        apply(logProbabilities, targets, LossReduction.SUM)
            .div(Math.max(1, logProbabilities.size(0))));
  }
}
