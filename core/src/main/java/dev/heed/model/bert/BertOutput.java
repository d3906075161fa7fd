package dev.heed.model.bert;

import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the encoder gives.
 *
 * @param hidden the last layer's states {@code [B, T, H]}
 * @param pooled the first token's state through the pooler {@code [B, H]}, or null without one
 */
public record BertOutput(Tensor hidden, @Nullable Tensor pooled) {
  /**
   * The pooled state.
   *
   * @throws IllegalStateException if the encoder was built without a pooler
   */
  public Tensor requirePooled() {
    if (pooled == null) {
      throw new IllegalStateException("this encoder was built without a pooler");
    }
    return pooled;
  }
}
