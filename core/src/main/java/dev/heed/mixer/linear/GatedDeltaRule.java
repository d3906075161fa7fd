package dev.heed.mixer.linear;

import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Recomputed;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
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
 * Rule"). Gradients compute the chunks again, so that their products are not kept.
 */
public final class GatedDeltaRule {
  /** Tokens computed at once. */
  static final long CHUNK = 64;

  /** The exponential of less is zero in double precision too. */
  private static final double LEAST = -750;

  private GatedDeltaRule() {}

  /**
   * What a part of a sequence gives.
   *
   * @param output {@code [B, H, L, Dv]}
   * @param state after its last token, {@code [B, H, Dk, Dv]}
   */
  public record Result(Tensor output, Tensor state) {}

  /**
   * Reads and writes a part of a sequence. Half precision is computed in f32.
   *
   * @param q {@code [B, H, L, Dk]}, L from 1
   * @param k {@code [B, H, L, Dk]}; of length 1, if a key written with β = 1 is to be read back
   * @param v {@code [B, H, L, Dv]}
   * @param logDecay {@code log α}, {@code [B, H, L]}, at most 0
   * @param rate β, {@code [B, H, L]}
   * @param state after the tokens before, {@code [B, H, Dk, Dv]}, or null at the beginning
   */
  public static Result apply(
      Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor rate, @Nullable Tensor state) {
    return TensorScope.run(() -> {
      List<Tensor> qs = q.widened().pieces(CHUNK, 2);
      List<Tensor> ks = k.widened().pieces(CHUNK, 2);
      List<Tensor> vs = v.widened().pieces(CHUNK, 2);
      List<Tensor> decays = logDecay.widened().clamp(LEAST, 0).pieces(CHUNK, 2);
      List<Tensor> rates = rate.widened().pieces(CHUNK, 2);
      Tensor last =
          state == null
              ? Tensor.zeros(
                  Shape.of(k.size(0), k.size(1), k.size(3), v.size(3)), vs.getFirst().dtype())
              : state.widened();
      List<Tensor> outputs = new ArrayList<>();
      for (int i = 0; i < qs.size(); i++) {
        List<Tensor> inputs =
            List.of(qs.get(i), ks.get(i), vs.get(i), decays.get(i), rates.get(i), last);
        // A single chunk may keep its products.
        Tensor both =
            qs.size() == 1 ? chunk(inputs) : Recomputed.apply(inputs, GatedDeltaRule::chunk);
        long length = qs.get(i).size(2);
        outputs.add(both.narrow(2, 0, length));
        last = both.narrow(2, length, k.size(3));
      }
      return new Result(Tensor.cat(outputs, 2).to(v.dtype()), last.copy());
    });
  }

  /**
   * The outputs {@code [B, H, C, Dv]} of one chunk, and behind them the state {@code [B, H, Dk,
   * Dv]} after it.
   *
   * @param inputs q, k, v, log α, β and the state before
   */
  private static Tensor chunk(List<Tensor> inputs) {
    return TensorScope.run(() -> {
      Tensor q = inputs.get(0);
      Tensor k = inputs.get(1);
      Tensor rate = inputs.get(4).unsqueeze(-1); // [B, H, C, 1]
      Tensor state = inputs.get(5);
      Tensor total = inputs.get(3).cumsum(-1); // [B, H, C]
      Tensor fromStart = total.exp().unsqueeze(-1);
      Tensor between = between(total); // [B, H, C, C]
      Tensor earlier = k.transpose(-2, -1); // [B, H, Dk, C]
      Tensor overlap = k.matmul(earlier).mul(between).mul(rate).tril(-1);
      Tensor unknown = inputs.get(2).sub(k.mul(fromStart).matmul(state)).mul(rate);
      Tensor written = LinearAlgebra.solveUnitLower(overlap, unknown); // [B, H, C, Dv]
      Tensor output =
          q.mul(fromStart).matmul(state).add(q.matmul(earlier).mul(between).matmul(written));
      Tensor end = total.narrow(-1, total.size(-1) - 1, 1);
      Tensor toEnd = end.sub(total).exp().unsqueeze(-2); // [B, H, 1, C]
      Tensor next = state.mul(end.exp().unsqueeze(-1)).add(earlier.mul(toEnd).matmul(written));
      return Tensor.cat(List.of(output, next), 2);
    });
  }

  /** How much of what token j wrote is left at token i, {@code [..., i, j]}; later ones nothing. */
  private static Tensor between(Tensor total) {
    long length = total.size(-1);
    Tensor later = Tensor.ones(Shape.of(length, length), total.dtype()).triu(1).ne(0);
    return total
        .unsqueeze(-1)
        .sub(total.unsqueeze(-2))
        .maskedFill(later, Double.NEGATIVE_INFINITY)
        .exp();
  }
}
