package dev.heed.nn;

import dev.heed.tensor.FusedFeedForward;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Two maps with an activation between: {@code y = f(x · W₁ᵀ + b₁) · W₂ᵀ + b₂} (Vaswani et al. 2017,
 * section 3.3).
 */
public final class FeedForward extends Module {
  private final Linear inner;
  private final Linear outer;
  private final Activation activation;
  private final Dropout dropout;

  /**
   * From two maps that were built under the names the checkpoint gives them.
   *
   * @param dropout applied between the maps
   */
  public FeedForward(
      Weights weights, Linear inner, Linear outer, Activation activation, Dropout dropout) {
    super(weights);
    this.inner = inner;
    this.outer = outer;
    this.activation = activation;
    this.dropout = dropout;
  }

  /** Maps {@code [..., size]} to {@code [..., size]}. */
  public Tensor apply(Tensor x, Trace trace) {
    Tensor innerBias = inner.bias();
    Tensor outerBias = outer.bias();
    if (innerBias != null && outerBias != null && isFused(x, trace)) {
      boolean tanh = activation.isTanhGelu();
      return FusedFeedForward.apply(x, inner.weight(), innerBias, outer.weight(), outerBias, tanh);
    }
    return TensorScope.run(() -> outer.apply(dropout.apply(inner.apply(x, activation), trace)));
  }

  private boolean isFused(Tensor x, Trace trace) {
    boolean drops = dropout.probability() > 0 && trace.dropoutGenerator() != null;
    return !drops
        && activation.isGelu()
        && inner.adaptation() == null
        && outer.adaptation() == null
        && FusedFeedForward.fits(x, inner.weight(), outer.weight());
  }
}
