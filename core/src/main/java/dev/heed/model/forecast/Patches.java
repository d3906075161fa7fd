package dev.heed.model.forecast;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Cuts series into patches, the last of which ends where the series ends (Nie et al. 2023, section
 * 3.1).
 *
 * @param context steps of a series
 * @param length steps of a patch
 * @param stride steps from one to the next
 */
public record Patches(int context, int length, int stride) {
  /** Checks that there is more than one patch's worth of steps. */
  public Patches {
    if (length < 1 || stride < 1 || context <= length) {
      throw new IllegalArgumentException(
          "context_length: expected more than patch_length with patch_length and patch_stride from"
              + " 1, got "
              + context
              + ", "
              + length
              + " and "
              + stride);
    }
  }

  /** How many there are. */
  public int count() {
    return (context - length) / stride + 1;
  }

  /**
   * Cuts.
   *
   * @param x {@code [B, context, C]}
   * @return {@code [B, C, count, length]}
   */
  public Tensor of(Tensor x) {
    if (x.rank() != 3 || x.size(1) != context) {
      throw new ShapeException("past_values: expected [B, " + context + ", C], got " + x.shape());
    }
    return TensorScope.run(() -> {
      long used = length + (long) stride * (count() - 1);
      Tensor last = x.narrow(1, context - used, used);
      return last.unfold(1, length, stride).transpose(1, 2).contiguous();
    });
  }
}
