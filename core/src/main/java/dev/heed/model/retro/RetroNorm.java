package dev.heed.model.retro;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** {@code x / max(|x| / √d, ε) · g}: the root-mean-square norm with its floor outside the root. */
final class RetroNorm extends Module {
  private static final double SMALLEST = 1e-8;

  private final Tensor gamma;

  RetroNorm(Weights weights, long size) {
    super(weights);
    this.gamma = weights.parameter("gamma", Initializer.ONES, size);
  }

  Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor root = x.norm(-1, true).div(Math.sqrt(x.size(-1)));
      return x.div(root.maximum(Tensor.scalar(SMALLEST, x.dtype()))).mul(gamma);
    });
  }
}
