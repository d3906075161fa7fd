package dev.heed.mixer.linear;

import dev.heed.mixer.statespace.MemoryChunks;
import dev.heed.mixer.statespace.MemoryRead;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A memory of keys and values that is corrected, not only added to: {@code S[t] = α[t] (I − β[t]
 * k[t] k[t]ᵀ) S[t−1] + β[t] k[t] v[t]ᵀ}, read by {@code o[t] = S[t]ᵀ q[t]}.
 *
 * <p>What the memory holds for a key is first read and taken away, in the share β; α forgets
 * everything alike (Yang, Kautz and Hatamizadeh 2024, "Gated Delta Networks", equation 10; without
 * α the delta rule of Schlag, Irie and Schmidhuber 2021). A chunk of tokens is computed at once:
 * what its tokens write solves a triangular system, {@code (I + tril(β (K Kᵀ ⊙ Γ), −1)) U = β (V −
 * γ K S)}, with {@code Γ[i, j]} the decay from token j to token i and γ that from the chunk's
 * beginning (section 3.3; Yang et al. 2024, "Parallelizing Linear Transformers with the Delta
 * Rule").
 */
public final class GatedDeltaRule {
  private GatedDeltaRule() {}

  /**
   * Reads and writes a part of a sequence. Half precision is computed in f32.
   *
   * @param q {@code [B, H, L, Dk]}, L from 1
   * @param k {@code [B, H, L, Dk]}; of length 1, if a key written with β = 1 is to be read back
   * @param v {@code [B, H, L, Dv]}
   * @param logDecay {@code log α}, {@code [B, H, L]}, at most 0
   * @param rate β, {@code [B, H, L]}
   * @param memory after the tokens before, {@code [B, H, Dk, Dv]}, or null at the beginning
   */
  public static MemoryRead apply(
      Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor rate, @Nullable Tensor memory) {
    return MemoryChunks.read(List.of(q, k, v, logDecay, rate), memory, GatedDeltaRule::chunk);
  }

  private static Tensor chunk(List<Tensor> inputs) {
    return TensorScope.run(() -> {
      Tensor q = inputs.get(0);
      Tensor k = inputs.get(1);
      Tensor rate = inputs.get(4).unsqueeze(-1); // [B, H, C, 1]
      Tensor memory = inputs.get(5);
      Tensor total = MemoryChunks.total(inputs.get(3)); // [B, H, C]
      Tensor fromStart = total.exp().unsqueeze(-1);
      Tensor between = MemoryChunks.between(total); // [B, H, C, C]
      Tensor keys = k.transpose(-2, -1); // [B, H, Dk, C]
      Tensor overlap = k.matmul(keys).mul(between).mul(rate).tril(-1);
      Tensor unknown = inputs.get(2).sub(k.mul(fromStart).matmul(memory)).mul(rate);
      Tensor written = LinearAlgebra.solveUnitLower(overlap, unknown); // [B, H, C, Dv]
      Tensor own = q.matmul(keys).mul(between).matmul(written);
      Tensor output = q.mul(fromStart).matmul(memory).add(own);
      return Tensor.cat(List.of(output, MemoryChunks.after(memory, total, keys, written)), 2);
    });
  }
}
