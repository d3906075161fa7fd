package dev.heed.model.vit;

import java.util.Locale;

/**
 * Sizes of a {@link PatchClassifier}.
 *
 * @param image height and width of the image in pixels
 * @param patch height and width of a patch in pixels; divides the image
 * @param channels of the image
 * @param size of a token's vector
 * @param depth how many blocks
 * @param heads divides {@code size}
 * @param inner width between the two maps of a block's feed-forward part
 * @param classes how many logits
 * @param epsilon of the normalisations
 */
public record PatchClassifierConfig(
    int image,
    int patch,
    int channels,
    int size,
    int depth,
    int heads,
    int inner,
    int classes,
    double epsilon) {
  /** Checks what must divide what. */
  public PatchClassifierConfig {
    if (patch < 1 || image % patch != 0 || heads < 1 || size % heads != 0) {
      throw new IllegalArgumentException(
          "vision transformer: expected a patch that divides the image and heads that divide the"
              + String.format(
                  Locale.ROOT,
                  " size, got image %d, patch %d, size %d, heads %d",
                  image,
                  patch,
                  size,
                  heads));
    }
  }

  /** How many patches an image has. */
  public int patches() {
    return (image / patch) * (image / patch);
  }
}
