package dev.heed.vision;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * What a detection model found in an image.
 *
 * @param score probability of the label
 * @param label number of the class
 * @param left first column of the box, in pixels
 * @param top first row
 * @param right last column
 * @param bottom last row
 */
public record DetectedObject(
    float score, int label, float left, float top, float right, float bottom) {
  /**
   * Reads a model's outputs: the likeliest class of each query but the last, which stands for
   * nothing.
   *
   * <p>Source: Hugging Face's {@code post_process_object_detection} for DETR and YOLOS.
   *
   * @param logits {@code [B, Q, classes + 1]}
   * @param boxes {@code [B, Q, 4]}: middle and sizes (x, y, width, height) as shares of the image
   * @param heights of the B images, in pixels
   * @param widths of the B images, in pixels
   * @param threshold the score that must be passed
   * @return for each image what was found, in the order of the queries
   * @throws IllegalArgumentException if shapes do not fit
   */
  public static List<List<DetectedObject>> of(
      Tensor logits, Tensor boxes, int[] heights, int[] widths, double threshold) {
    Shape shape = logits.shape();
    boolean fits =
        shape.rank() == 3
            && shape.size(2) > 1
            && boxes.shape().equals(Shape.of(shape.size(0), shape.size(1), 4))
            && heights.length == shape.size(0)
            && widths.length == shape.size(0);
    if (!fits) {
      throw new IllegalArgumentException(
          "detections: expected logits [B, Q, classes + 1], boxes [B, Q, 4] and B sizes, got "
              + shape
              + ", "
              + boxes.shape()
              + ", "
              + heights.length
              + " and "
              + widths.length);
    }
    try (TensorScope scope = TensorScope.open()) {
      int queries = (int) shape.size(1);
      int classes = (int) shape.size(2);
      float[] scores = logits.to(DType.F32).softmax(-1).toFloatArray();
      float[] places = boxes.to(DType.F32).toFloatArray();
      List<List<DetectedObject>> found = new ArrayList<>();
      for (int image = 0; image < heights.length; image++) {
        List<DetectedObject> objects = new ArrayList<>();
        for (int query = image * queries; query < (image + 1) * queries; query++) {
          int label = likeliest(scores, query * classes, classes - 1);
          float score = scores[query * classes + label];
          if (score > threshold) {
            objects.add(at(score, label, places, 4 * query, heights[image], widths[image]));
          }
        }
        found.add(List.copyOf(objects));
      }
      return found;
    }
  }

  private static int likeliest(float[] scores, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (scores[from + i] > scores[from + best]) {
        best = i;
      }
    }
    return best;
  }

  private static DetectedObject at(
      float score, int label, float[] places, int from, int height, int width) {
    float x = places[from];
    float y = places[from + 1];
    float halfWidth = 0.5f * places[from + 2];
    float halfHeight = 0.5f * places[from + 3];
    return new DetectedObject(
        score,
        label,
        (x - halfWidth) * width,
        (y - halfHeight) * height,
        (x + halfWidth) * width,
        (y + halfHeight) * height);
  }
}
