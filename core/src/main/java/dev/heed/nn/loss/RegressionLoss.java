package dev.heed.nn.loss;

import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Losses of predicted numbers, with {@code e = prediction - target}; shapes are equal, and means
 * are over all elements.
 */
public final class RegressionLoss {
  private static final double LEAST_VARIANCE = 1e-6;

  private RegressionLoss() {}

  /** {@code e²}. */
  public static Tensor squared(Tensor prediction, Tensor target, LossReduction reduction) {
    return TensorScope.run(() -> reduction.of(prediction.sub(target).square()));
  }

  /** {@code |e|}. */
  public static Tensor absolute(Tensor prediction, Tensor target, LossReduction reduction) {
    return TensorScope.run(() -> reduction.of(prediction.sub(target).abs()));
  }

  /**
   * {@code e²/2} up to δ, {@code δ(|e| - δ/2)} beyond (Huber 1964).
   *
   * @param delta δ, above 0
   */
  public static Tensor huber(
      Tensor prediction, Tensor target, double delta, LossReduction reduction) {
    if (!(delta > 0)) {
      throw new IllegalArgumentException("huber: expected a delta above 0, got " + delta);
    }
    return TensorScope.run(() -> reduction.of(huber(prediction.sub(target), delta)));
  }

  private static Tensor huber(Tensor error, double delta) {
    Tensor size = error.abs();
    Tensor within = size.clamp(0, delta);
    return within.square().div(2).add(size.sub(within).mul(delta));
  }

  /**
   * {@code e²/2β} below β, {@code |e| - β/2} from there on (Girshick 2015, where β is 1).
   *
   * @param beta β, from 0; 0 is {@link #absolute}
   */
  public static Tensor smoothAbsolute(
      Tensor prediction, Tensor target, double beta, LossReduction reduction) {
    if (beta == 0) {
      return absolute(prediction, target, reduction);
    }
    return TensorScope.run(() -> reduction.of(huber(prediction.sub(target), beta).div(beta)));
  }

  /**
   * {@code ½(log σ² + e²/σ²)}, without the constant (Nix and Weigend 1994).
   *
   * @param variance σ², clamped to at least 10⁻⁶ without changing its gradient
   */
  public static Tensor gaussian(
      Tensor prediction, Tensor target, Tensor variance, LossReduction reduction) {
    return TensorScope.run(() -> {
      Tensor lacking = variance.detach().neg().add(LEAST_VARIANCE).relu();
      Tensor enough = variance.add(lacking);
      Tensor square = prediction.sub(target).square();
      return reduction.of(enough.log().add(square.div(enough)).div(2));
    });
  }

  /**
   * The pinball loss of several quantiles: {@code max(q(t - p), (q - 1)(t - p))} (Koenker and
   * Bassett 1978).
   *
   * @param prediction {@code [..., Q]}
   * @param target {@code [...]}
   * @param quantiles q, {@code [Q]}, each in (0, 1)
   */
  public static Tensor quantiles(
      Tensor prediction, Tensor target, Tensor quantiles, LossReduction reduction) {
    return TensorScope.run(() -> {
      Tensor lacking = target.unsqueeze(-1).sub(prediction);
      return reduction.of(lacking.mul(quantiles).maximum(lacking.mul(quantiles.sub(1))));
    });
  }
}
