package dev.heed.train.recipe;

import dev.heed.evaluate.Box;
import dev.heed.tensor.Tensor;
import dev.heed.vision.RgbImage;
import java.util.List;

/**
 * An image with objects in it.
 *
 * @param image on which they lie
 * @param objects at least one
 */
record Scene(RgbImage image, List<Placed> objects) {
  /**
   * An object.
   *
   * @param label number of its class
   * @param box around it, in pixels
   */
  record Placed(int label, Box box) {}

  /** The objects' classes, i64 {@code [n]}. */
  Tensor labels() {
    return Tensor.of(objects.stream().mapToLong(Placed::label).toArray());
  }

  /** Their boxes as a model gives them: middle and sizes as shares of the image, {@code [n, 4]}. */
  Tensor boxes() {
    float[] shares = new float[4 * objects.size()];
    for (int i = 0; i < objects.size(); i++) {
      Box box = objects.get(i).box();
      shares[4 * i] = (float) ((box.x() + box.width() / 2) / image.width());
      shares[4 * i + 1] = (float) ((box.y() + box.height() / 2) / image.height());
      shares[4 * i + 2] = (float) (box.width() / image.width());
      shares[4 * i + 3] = (float) (box.height() / image.height());
    }
    return Tensor.of(shares, objects.size(), 4);
  }
}
