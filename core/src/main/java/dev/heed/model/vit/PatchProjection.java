package dev.heed.model.vit;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Makes a vector of each patch: cuts an image into patches that do not overlap and maps each one
 * (Dosovitskiy et al. 2020, equation 1).
 */
public final class PatchProjection extends Module {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final ImageSize patch;

  /**
   * With parameters {@code weight [size, channels, height, width]} and {@code bias [size]}.
   *
   * @param channels of an image
   * @param size of a vector
   * @param withBias whether there is a bias
   */
  public PatchProjection(
      Weights weights, int channels, long size, ImageSize patch, boolean withBias) {
    super(weights);
    if (patch.height() != patch.width()) {
      throw new ShapeException("patch: expected a square, got " + patch);
    }
    Initializer start = Initializer.uniform(1 / Math.sqrt((double) channels * patch.count()));
    this.weight = weights.parameter("weight", start, size, channels, patch.height(), patch.width());
    this.bias = withBias ? weights.parameter("bias", start, size) : null;
    this.patch = patch;
  }

  /**
   * Vectors of patches, row by row.
   *
   * @param images {@code [B, channels, H, W]}
   * @return {@code [B, patches, size]}
   */
  public Tensor apply(Tensor images) {
    return TensorScope.run(() -> map(images).flatten(2, 3).transpose(1, 2));
  }

  /** The same as a map {@code [B, size, rows, columns]}. */
  public Tensor map(Tensor images) {
    if (images.rank() != 4 || images.size(1) != weight.size(1)) {
      throw new ShapeException(
          "pixel_values: expected [B, "
              + weight.size(1)
              + ", height, width], got "
              + images.describe());
    }
    return Convolution.conv2d(images, weight, bias, new Geometry(patch.height(), 0, 1, 1));
  }

  /** Rows and columns of patches of images. */
  public ImageSize grid(Tensor images) {
    return new ImageSize(Math.toIntExact(images.size(2)), Math.toIntExact(images.size(3)))
        .over(patch);
  }
}
