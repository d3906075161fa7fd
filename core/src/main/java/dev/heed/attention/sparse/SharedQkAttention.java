package dev.heed.attention.sparse;

import dev.heed.attention.AttentionOutput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Full attention whose queries are the keys as well: {@code softmax(q_i · q_j / (|q_j| · √d)) · v},
 * a token attending to itself only if it sees nothing else (Kitaev et al. 2020, section 2): what
 * {@link LshAttention} approximates.
 */
public final class SharedQkAttention {
  /** A score so low that a token's own key counts only when there is no other. */
  static final double SELF_SCORE = -5e4;

  private static final double SMALLEST_NORM = 1e-12;

  private SharedQkAttention() {}

  /**
   * Full attention in which keys are the queries, each of length one, and a token sees itself only
   * where there is nothing else (Kitaev et al. 2020, section 2).
   *
   * @param qk {@code [B, T, D]}
   * @param v {@code [B, T, Dv]}
   * @return output {@code [B, T, Dv]} and weights {@code [B, T, T]}
   */
  public static AttentionOutput apply(Tensor qk, Tensor v, boolean causal) {
    return TensorScope.run(() -> {
      long length = qk.size(1);
      Tensor self = Tensor.eye(length, DType.BOOL);
      Tensor scores =
          qk.widened()
              .matmul(unit(qk.widened()).transpose(1, 2))
              .div(Math.sqrt(qk.size(-1)))
              .maskedFill(self, SELF_SCORE);
      if (causal) {
        Tensor later = Tensor.ones(Shape.of(length, length), DType.F32).triu(1).to(DType.BOOL);
        scores = scores.maskedFill(later, Double.NEGATIVE_INFINITY);
      }
      Tensor weights = scores.softmax(-1);
      return new AttentionOutput(weights.matmul(v.widened()).to(v.dtype()), weights);
    });
  }

  /** Each vector divided by its length. */
  static Tensor unit(Tensor x) {
    return x.div(x.norm(-1, true).maximum(Tensor.scalar(SMALLEST_NORM, x.dtype())));
  }
}
