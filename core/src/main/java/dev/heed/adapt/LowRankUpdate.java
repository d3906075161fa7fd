package dev.heed.adapt;

import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A learned change of a matrix that has a low rank: {@code ΔW = (α / r) · B · A} (Hu et al. 2021,
 * section 4.1).
 *
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 * @param scale {@code α / r}
 */
public record LowRankUpdate(Tensor a, Tensor b, double scale) {
  /**
   * With parameters {@code lora_A [r, in]}, uniform at the start, and {@code lora_B [out, r]},
   * zero.
   *
   * @param rank r, from 1
   * @param alpha α
   */
  public static LowRankUpdate of(Weights weights, long in, long out, int rank, double alpha) {
    requireRank(rank);
    return new LowRankUpdate(
        weights.parameter("lora_A", Initializer.uniform(1 / Math.sqrt(in)), rank, in),
        weights.parameter("lora_B", Initializer.ZEROS, out, rank),
        alpha / rank);
  }

  static void requireRank(int rank) {
    if (rank < 1) {
      throw new IllegalArgumentException("LoRA rank: expected at least 1, got " + rank);
    }
  }

  /**
   * {@code (α / r) · x · Aᵀ · Bᵀ}: the change of the output, without the matrix itself; of the
   * update's type, which may be wider than the input's, as peft keeps adapters in f32.
   */
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> x.to(a.dtype()).linear(a, null).linear(b, null).mul(scale));
  }

  /** {@code ΔW [out, in]}. */
  public Tensor matrix() {
    return TensorScope.run(() -> b.matmul(a).mul(scale));
  }
}
