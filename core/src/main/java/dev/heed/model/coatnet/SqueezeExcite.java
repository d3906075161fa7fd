package dev.heed.model.coatnet;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Weighs channels by what the whole image holds: {@code x · σ(W₂ · gelu(W₁ · mean(x)))} (Hu et al.
 * 2018, section 3).
 */
final class SqueezeExcite extends Module {
  private final Linear squeeze;
  private final Linear excite;

  SqueezeExcite(Weights weights, long channels, long squeezed) {
    super(weights);
    this.squeeze = Linear.of(weights.child("fc.0"), channels, squeezed, false);
    this.excite = Linear.of(weights.child("fc.2"), squeezed, channels, false);
  }

  /** {@code [B, channels, height, width]}. */
  Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor mean = x.flatten(2, 3).mean(-1, false);
      Tensor weight = excite.apply(squeeze.apply(mean).gelu(false)).sigmoid();
      return x.mul(weight.unsqueeze(-1).unsqueeze(-1));
    });
  }
}
