package dev.heed.explain;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention rollout: how much of each input token reaches each token of each layer, if every layer
 * mixes its tokens linearly by its attention.
 *
 * <p>{@code Ã_0 = A_0, Ã_l = A_l · Ã_{l-1}}, where {@code A_l} is the layer's map averaged over its
 * heads, with half of every token kept for the residual connection: {@code A_l = (mean + I) / rows'
 * sums} (Abnar and Zuidema 2020, section 4).
 */
public final class AttentionRollout {
  private AttentionRollout() {}

  /**
   * The rollout with residual connections.
   *
   * @param attentions weights after softmax, {@code [layers, …, heads, tokens, tokens]}
   * @return {@code [layers, …, tokens, tokens]}: row i of layer l says where token i after that
   *     layer comes from; rows sum to one
   * @throws ShapeException if the last two sizes differ
   */
  public static Tensor of(Tensor attentions) {
    return TensorScope.run(() -> product(withResidual(headMean(attentions))));
  }

  /** As {@link #of}, but as if the layers had no residual connections. */
  public static Tensor withoutResidual(Tensor attentions) {
    return TensorScope.run(() -> product(headMean(attentions)));
  }

  /** The mean over the heads: {@code [layers, …, tokens, tokens]}. */
  static Tensor headMean(Tensor attentions) {
    requireSquare(attentions, 4);
    return attentions.mean(-3, false);
  }

  /** {@code (A + I)} with rows that sum to one. */
  static Tensor withResidual(Tensor maps) {
    Tensor kept = maps.add(Tensor.eye(maps.size(-1), maps.dtype()));
    return kept.div(kept.sum(-1, true));
  }

  /** {@code M_l · … · M_0} for every l. */
  static Tensor product(Tensor maps) {
    List<Tensor> joint = new ArrayList<>();
    for (int layer = 0; layer < maps.size(0); layer++) {
      Tensor map = maps.select(0, layer);
      joint.add(layer == 0 ? map : map.matmul(joint.getLast()));
    }
    return Tensor.stack(joint, 0);
  }

  static void requireSquare(Tensor maps, int rank) {
    if (maps.rank() < rank || maps.size(-1) != maps.size(-2) || maps.size(0) == 0) {
      throw new ShapeException(
          "attention of a model: expected [layers, …, heads, tokens, tokens] with at least one"
              + " layer, got "
              + maps.shape()
              + "; stack the layers' self-attention along dimension 0");
    }
  }
}
