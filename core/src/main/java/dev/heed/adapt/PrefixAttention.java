package dev.heed.adapt;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Attention over a prefix of trained keys and values before the sequence's own: {@code softmax(q ·
 * [Pk; k]ᵀ / √d) · [Pv; v]} (Li and Liang 2021, section 4).
 *
 * @param keys of the prefix, {@code [B, H, P, D]}
 * @param values of the prefix, {@code [B, H, P, D]}
 */
public record PrefixAttention(Tensor keys, Tensor values) {
  /**
   * Attends to the whole prefix and, among the sequence's own keys, to all or to those up to the
   * query.
   *
   * @param q {@code [B, H, T, D]}
   * @param k {@code [B, H, T, D]}
   * @param v {@code [B, H, T, D]}
   * @param causal whether a query sees only keys up to its own place
   * @return output {@code [B, H, T, D]} and weights {@code [B, H, T, P + T]}
   */
  public AttentionOutput attend(Tensor q, Tensor k, Tensor v, boolean causal) {
    return TensorScope.run(() -> {
      AttentionMask seen = causal ? AttentionMask.causal() : AttentionMask.full();
      return new ScaledDotProduct()
          .apply(
              q,
              Tensor.cat(List.of(keys, k), 2), // [B, H, P + T, D]
              Tensor.cat(List.of(values, v), 2),
              AttentionRequest.of(seen).withWeights());
    });
  }
}
