package dev.heed.mixer.statespace;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A memory of keys and values that fades: {@code S[t] = α[t] S[t−1] + k[t] v[t]ᵀ}, read by {@code
 * o[t] = S[t]ᵀ q[t]}.
 *
 * <p>Linear attention without a denominator, with α = 1; Mamba 2's state space, where α is {@code
 * exp(Δ A)}, keys are B, queries C and values {@code Δ x} (Dao and Gu 2024, "Transformers are
 * SSMs", section 6); lightning attention, where α is the same for all tokens (Qin et al. 2024,
 * "Lightning Attention-2", algorithm 1). A chunk of tokens is computed at once: {@code O = (Q Kᵀ ⊙
 * Γ) V + γ Q S}, with {@code Γ[i, j]} the decay from token j to token i and γ that from the chunk's
 * beginning.
 */
public final class DecayingMemory {
  private DecayingMemory() {}

  /**
   * Reads and writes a part of a sequence. Half precision is computed in f32.
   *
   * @param q {@code [B, H, L, Dk]}, L from 1
   * @param k {@code [B, H, L, Dk]}
   * @param v {@code [B, H, L, Dv]}
   * @param logDecay {@code log α}, {@code [B, H, L]}, at most 0
   * @param memory after the tokens before, {@code [B, H, Dk, Dv]}, or null at the beginning
   */
  public static MemoryRead apply(
      Tensor q, Tensor k, Tensor v, Tensor logDecay, @Nullable Tensor memory) {
    return MemoryChunks.read(List.of(q, k, v, logDecay), memory, DecayingMemory::chunk);
  }

  private static Tensor chunk(List<Tensor> inputs) {
    return TensorScope.run(() -> {
      Tensor q = inputs.get(0);
      Tensor v = inputs.get(2);
      Tensor memory = inputs.get(4);
      Tensor total = MemoryChunks.total(inputs.get(3)); // [B, H, C]
      Tensor keys = inputs.get(1).transpose(-2, -1); // [B, H, Dk, C]
      Tensor own = q.matmul(keys).mul(MemoryChunks.between(total)).matmul(v);
      Tensor output = q.mul(total.exp().unsqueeze(-1)).matmul(memory).add(own);
      return Tensor.cat(List.of(output, MemoryChunks.after(memory, total, keys, v)), 2);
    });
  }
}
