package dev.heed.model.gemma;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.score.SoftCap;
import dev.heed.nn.Dropout;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** What the Gemma models have in common. */
final class GemmaParts {
  private GemmaParts() {}

  /** Embeddings are multiplied by {@code √H}, rounded to their type. */
  static Norm scaled(int size) {
    return x -> x.mul(Tensor.scalar(Math.sqrt(size), x.dtype()));
  }

  /** {@code cap · tanh(x / cap)} of the vocabulary's scores, or nothing without a cap. */
  static Norm capped(@Nullable Double cap) {
    return cap == null ? Norm.NONE : x -> TensorScope.run(() -> x.div(cap).tanh().mul(cap));
  }

  /**
   * Attention scaled by {@code 1 / √scalar}, whose scores a cap may bound.
   *
   * @param scalar that takes the head size's place
   * @param cap of scores, or null
   */
  static AttentionMechanism attention(double scalar, @Nullable Double cap, double dropout) {
    ScaledDotProduct plain = new ScaledDotProduct(1 / Math.sqrt(scalar), new Dropout(dropout));
    if (cap == null) {
      return plain;
    }
    SoftCap bound = new SoftCap(cap);
    return plain.changed(() -> bound);
  }
}
