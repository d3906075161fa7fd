package dev.heed.explain;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Relevance of the input tokens of a self-attention model for one score, from attention and its
 * gradients.
 *
 * <p>{@code R_0 = I, R_l = R_{l-1} + E_l · R_{l-1}}, where {@code E_l} is {@link
 * AttentionGradients#relevance} of the layer (Chefer, Gur and Wolf, Generic Attention-model
 * Explainability, ICCV 2021, equations 5 and 6).
 */
public final class GradientRelevance {
  private GradientRelevance() {}

  /**
   * The relevance after every layer.
   *
   * @return {@code [layers, …, tokens, tokens]}; the last layer's row of the token that was read
   *     (for example {@code [CLS]}) says which inputs speak for the score
   * @throws dev.heed.tensor.ShapeException if queries and keys are not the same tokens
   */
  public static Tensor of(AttentionGradients attention) {
    AttentionRollout.requireSquare(attention.weights(), 4);
    return TensorScope.run(() -> {
      Tensor layers = attention.relevance();
      List<Tensor> after = new ArrayList<>();
      Tensor relevance = Tensor.eye(layers.size(-1), layers.dtype());
      for (int layer = 0; layer < layers.size(0); layer++) {
        relevance = relevance.add(layers.select(0, layer).matmul(relevance));
        after.add(relevance);
      }
      return Tensor.stack(after, 0);
    });
  }

  /**
   * The earlier variant that rolls out {@code (E_l + I) / rows' sums} instead (Chefer, Gur and
   * Wolf, Transformer Interpretability Beyond Attention Visualization, CVPR 2021, section 3.2).
   *
   * @return after every layer, {@code [layers, …, tokens, tokens]}; rows sum to one
   */
  public static Tensor rolledOut(AttentionGradients attention) {
    AttentionRollout.requireSquare(attention.weights(), 4);
    return TensorScope.run(
        () -> AttentionRollout.product(AttentionRollout.withResidual(attention.relevance())));
  }
}
