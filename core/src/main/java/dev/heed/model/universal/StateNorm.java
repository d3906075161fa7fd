package dev.heed.model.universal;

import dev.heed.model.universal.UniversalConfig.Variant;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Layer normalisation under the names {@code gamma} and {@code beta}; in the PyTorch variant {@code
 * (x - mean) / (s + ε)} with the unbiased standard deviation s.
 */
final class StateNorm extends Module {
  private static final double EPSILON = 1e-6;

  private final Tensor gamma;
  private final Tensor beta;
  private final Variant variant;

  StateNorm(Weights weights, long size, Variant variant) {
    super(weights);
    this.gamma = weights.parameter("gamma", Initializer.ONES, size);
    this.beta = weights.parameter("beta", Initializer.ZEROS, size);
    this.variant = variant;
  }

  Tensor apply(Tensor x) {
    if (variant == Variant.PAPER) {
      return x.layerNorm(gamma, beta, EPSILON);
    }
    return TensorScope.run(() -> {
      Tensor deviation = x.var(-1, true, true).sqrt();
      Tensor centred = x.sub(x.mean(-1, true));
      return centred.div(deviation.add(EPSILON)).mul(gamma).add(beta);
    });
  }
}
