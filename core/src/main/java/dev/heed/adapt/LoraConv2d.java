package dev.heed.adapt;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A convolution whose kernel has a low-rank update: {@code (α / r) · B · A}, read row by row as
 * {@code [out, in, k, k]} (Hu et al. 2021; authors' library). The kernel itself is frozen.
 */
public final class LoraConv2d extends Module {
  private final Tensor weight;
  private final Tensor bias;
  private final LowRankUpdate update;
  private final Geometry geometry;

  /**
   * With parameters {@code weight [out, in, k, k]}, {@code bias [out]}, {@code lora_A [r·k, in·k]},
   * {@code lora_B [out·k, r·k]}.
   *
   * @param geometry with one group
   */
  public LoraConv2d(
      Weights weights, long in, long out, int kernel, int rank, double alpha, Geometry geometry) {
    super(weights);
    LowRankUpdate.requireRank(rank);
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(in * (double) kernel * kernel));
    this.weight = weights.buffer("weight", uniform, out, in, kernel, kernel);
    this.bias = weights.parameter("bias", uniform, out);
    // The matrices have rank r·k, yet the update is scaled by α / r.
    this.update =
        LowRankUpdate.of(weights, in * kernel, out * kernel, rank * kernel, alpha * kernel);
    this.geometry = geometry;
  }

  /** Convolves {@code [B, in, H, W]}. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> apply(x, mergedWeight()));
  }

  /** Convolves with a given kernel, for example the merged one. */
  public Tensor apply(Tensor x, Tensor merged) {
    return Convolution.conv2d(x, merged, bias, geometry);
  }

  /** {@code W + ΔW}. */
  public Tensor mergedWeight() {
    return TensorScope.run(
        () -> weight.add(update.matrix().reshape(weight.shape().toArray())).to(weight.dtype()));
  }
}
