package dev.heed.vision;

import dev.heed.tensor.Tensor;
import java.nio.file.Path;

/** Between tensors of bytes {@code [H, W, 3]} and images. */
final class Pixels {
  static final Path FOLDER = Path.of("src/test/resources/vision");

  private Pixels() {}

  static RgbImage image(Tensor tensor) {
    return new RgbImage(
        (int) tensor.shape().size(0), (int) tensor.shape().size(1), tensor.toByteArray());
  }

  static Tensor tensor(RgbImage image) {
    return Tensor.of(image.pixels(), image.height(), image.width(), 3);
  }
}
