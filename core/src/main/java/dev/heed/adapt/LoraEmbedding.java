package dev.heed.adapt;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A table of vectors with a low-rank update: {@code y[i] = W[x[i]] + (α / r) · Aᵀ[x[i]] · Bᵀ} (Hu
 * et al. 2021; authors' library). The table itself is frozen.
 */
public final class LoraEmbedding extends Module {
  private final Tensor weight;
  private final LowRankUpdate update;

  /**
   * With parameters {@code weight [rows, size]}, {@code lora_A [r, rows]}, {@code lora_B [size,
   * r]}.
   */
  public LoraEmbedding(Weights weights, long rows, long size, int rank, double alpha) {
    super(weights);
    LowRankUpdate.requireRank(rank);
    this.weight = weights.buffer("weight", Initializer.normal(0.02), rows, size);
    this.update = LowRankUpdate.of(weights, rows, size, rank, alpha);
  }

  /** Vectors for indices of any shape {@code [...]} as {@code [..., size]}. */
  public Tensor apply(Tensor indices) {
    return TensorScope.run(() -> {
      Tensor codes = update.a().transpose(0, 1).embedding(indices, -1); // [..., r]
      return weight
          .embedding(indices, -1)
          .add(codes.linear(update.b(), null).mul(update.scale()))
          .to(weight.dtype());
    });
  }

  /** {@code W + ΔWᵀ [rows, size]}. */
  public Tensor mergedWeight() {
    return TensorScope.run(() -> weight.add(update.matrix().transpose(0, 1)).to(weight.dtype()));
  }
}
