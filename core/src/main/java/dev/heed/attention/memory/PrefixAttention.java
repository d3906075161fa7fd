package dev.heed.attention.memory;

import dev.heed.attention.AttentionOutput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
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
      Tensor allKeys = Tensor.cat(List.of(keys, k), 2); // [B, H, P + T, D]
      Tensor scores = q.matmul(allKeys.transpose(-2, -1)).div(Math.sqrt(q.size(-1)));
      Tensor weights = (causal ? causal(scores) : scores).softmax(-1);
      return new AttentionOutput(weights.matmul(Tensor.cat(List.of(values, v), 2)), weights);
    });
  }

  /** Hides the keys after each query; the last query stands beside the last key. */
  static Tensor causal(Tensor scores) {
    long queries = scores.size(-2);
    long keys = scores.size(-1);
    Tensor later =
        Tensor.ones(Shape.of(queries, keys), DType.F32)
            .triu(Math.toIntExact(keys - queries + 1))
            .to(DType.BOOL);
    return scores.maskedFill(later, Double.NEGATIVE_INFINITY);
  }
}
