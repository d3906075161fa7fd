package dev.heed.attention;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Scores by the angle between query and key: {@code cos(q, k) · exp(min(s, limit))} with a learned
 * s for each head (Liu et al. 2022, "Swin Transformer V2", section 3.3, equation 2, where the scale
 * is written {@code 1/τ} and at most 100). The mechanism's own scale is to be 1.
 *
 * @param logScale s, {@code [H, 1, 1]}
 * @param limit of s
 */
public record CosineHeads(Tensor logScale, double limit) implements HeadChange {
  /** What a vector's length is at least taken for. */
  private static final double SHORTEST = 1e-12;

  @Override
  public Tensor queries(Tensor q, Places places) {
    return TensorScope.run(
        () -> unit(q).mul(logScale.clamp(Double.NEGATIVE_INFINITY, limit).exp()));
  }

  @Override
  public Tensor keys(Tensor k, Places places) {
    return TensorScope.run(() -> unit(k));
  }

  private static Tensor unit(Tensor x) {
    // The shortest length is nothing in half precision.
    Tensor wide = x.widened();
    return wide.div(wide.norm(-1, true).clamp(SHORTEST, Double.POSITIVE_INFINITY)).to(x.dtype());
  }
}
