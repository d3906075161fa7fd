package dev.heed.explain;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** What the pixels of an image's patches add up to. */
public final class PatchSums {
  private PatchSums() {}

  /**
   * The sum over the channels and pixels of each patch.
   *
   * @param pixels numbers of pixels {@code [batch, channels, height, width]}
   * @param patch the side of a patch in pixels, which divides both sides
   * @return {@code [batch, height / patch, width / patch]}
   * @throws ShapeException if it does not divide them
   */
  public static Tensor of(Tensor pixels, int patch) {
    if (pixels.rank() != 4
        || patch < 1
        || pixels.size(2) % patch != 0
        || pixels.size(3) % patch != 0) {
      throw new ShapeException(
          "patches: expected [batch, channels, height, width] with sides that "
              + patch
              + " divides, got "
              + pixels.shape());
    }
    return TensorScope.run(() ->
        pixels
            .sum(1, false)
            .unflatten(2, pixels.size(3) / patch, patch)
            .unflatten(1, pixels.size(2) / patch, patch) // [B, rows, patch, columns, patch]
            .sum(-1, false)
            .sum(2, false));
  }
}
