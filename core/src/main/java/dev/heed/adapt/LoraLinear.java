package dev.heed.adapt;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * An affine map with a low-rank update: {@code y = x · Wᵀ + b + (α / r) · x · Aᵀ · Bᵀ} (Hu et al.
 * 2021, equation 3). The weight itself is frozen.
 */
public final class LoraLinear extends Module {
  private final Tensor weight;
  private final Tensor bias;
  private final LowRankUpdate update;
  private final boolean fanInFanOut;

  /**
   * With parameters {@code weight}, {@code bias [out]}, {@code lora_A [r, in]}, {@code lora_B [out,
   * r]}.
   *
   * @param fanInFanOut whether {@code weight} is stored {@code [in, out]} as GPT-2's, not {@code
   *     [out, in]}
   */
  public LoraLinear(
      Weights weights, long in, long out, int rank, double alpha, boolean fanInFanOut) {
    super(weights);
    LowRankUpdate.requireRank(rank);
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(in));
    this.weight =
        fanInFanOut
            ? weights.buffer("weight", uniform, in, out)
            : weights.buffer("weight", uniform, out, in);
    this.bias = weights.parameter("bias", uniform, out);
    this.update = LowRankUpdate.of(weights, in, out, rank, alpha);
    this.fanInFanOut = fanInFanOut;
  }

  /** Maps {@code [..., in]} to {@code [..., out]}, the update kept apart. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(
        () -> x.linear(outByIn(weight), bias).add(update.apply(x)).to(x.dtype()));
  }

  /** {@code W + ΔW}, stored as the weight is: a plain map with it costs nothing more. */
  public Tensor mergedWeight() {
    return TensorScope.run(() -> weight.add(outByIn(update.matrix())).to(weight.dtype()));
  }

  /** Takes the update out of a merged weight again. */
  public Tensor unmerge(Tensor merged) {
    return TensorScope.run(() -> merged.sub(outByIn(update.matrix())).to(merged.dtype()));
  }

  /** Maps by a weight of this module's layout, for example the merged one. */
  public Tensor apply(Tensor x, Tensor merged) {
    return TensorScope.run(() -> x.linear(outByIn(merged), bias));
  }

  private Tensor outByIn(Tensor matrix) {
    return fanInFanOut ? matrix.transpose(0, 1) : matrix;
  }
}
