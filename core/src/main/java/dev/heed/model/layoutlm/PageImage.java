package dev.heed.model.layoutlm;

import dev.heed.nn.Conv2d;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * The patches of a page's image, behind a vector for the whole (Huang et al. 2022, section 2.1).
 */
final class PageImage extends Module {
  private static final double EPSILON = 1e-6;

  /** The page is as high and wide as this, whatever the image is. */
  private static final int PAGE = 1000;

  private final LayoutLmV3Config config;
  private final Conv2d patches;
  private final Tensor whole;
  private final Tensor places;
  private final LayerNorm norm;

  PageImage(Weights weights, LayoutLmV3Config config) {
    super(weights);
    this.config = config;
    int size = config.hiddenSize();
    long count = (long) config.patches() * config.patches();
    patches =
        new Conv2d(
            weights.child("patch_embed.proj"),
            config.numChannels(),
            size,
            config.patchSize(),
            new Geometry(config.patchSize(), 0, 1, 1),
            true);
    whole = weights.parameter("cls_token", Initializer.ZEROS, 1, 1, size);
    places = weights.parameter("pos_embed", Initializer.ZEROS, 1, count + 1, size);
    norm = new LayerNorm(weights.child("norm"), size, EPSILON);
  }

  /** {@code [B, 1 + patches, H]} of images {@code [B, C, S, S]}. */
  Tensor apply(Tensor pixels) {
    int side = config.inputSize();
    if (pixels.rank() != 4 || pixels.size(2) != side || pixels.size(3) != side) {
      throw new ShapeException(
          "pixel_values: expected [B, "
              + config.numChannels()
              + ", "
              + side
              + ", "
              + side
              + "], got "
              + pixels.describe());
    }
    return TensorScope.run(() -> {
      Tensor cut = patches.apply(pixels).flatten(2, 3).transpose(1, 2);
      Tensor first = whole.expand(cut.size(0), 1, cut.size(2));
      return norm.apply(Tensor.cat(List.of(first, cut), 1).add(places));
    });
  }

  /** Where patches stand on the page, the whole first: i64 {@code [1 + patches, 4]}. */
  Tensor boxes() {
    int side = config.patches();
    long[] boxes = new long[(side * side + 1) * 4];
    boxes[0] = 1;
    boxes[1] = 1;
    boxes[2] = PAGE - 1;
    boxes[3] = PAGE - 1;
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        int at = (row * side + column + 1) * 4;
        boxes[at] = (long) column * PAGE / side;
        boxes[at + 1] = (long) row * PAGE / side;
        boxes[at + 2] = (column + 1L) * PAGE / side;
        boxes[at + 3] = (row + 1L) * PAGE / side;
      }
    }
    return Tensor.of(boxes, side * side + 1, 4);
  }
}
