package dev.heed.model.head;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** One state for a sequence: the mean of its tokens' states. */
public final class SequenceMean {
  private SequenceMean() {}

  /**
   * The mean over the tokens that are there.
   *
   * @param hidden {@code [B, T, H]}
   * @param there truth values {@code [B, T]}, or null for all
   * @return {@code [B, H]}; zeros for a sequence without tokens
   */
  public static Tensor of(Tensor hidden, @Nullable Tensor there) {
    return TensorScope.run(() -> {
      if (there == null) {
        return hidden.mean(1, false);
      }
      Tensor kept = hidden.maskedFill(there.not().unsqueeze(-1), 0);
      Tensor count = there.to(hidden.dtype()).sum(1, true).clamp(1, Double.POSITIVE_INFINITY);
      return kept.sum(1, false).div(count);
    });
  }
}
