package dev.heed.model.detection;

import dev.heed.tensor.Tensor;
import java.util.List;

/** Boxes as {@code cx, cy, width, height} in shares of an image. */
final class Boxes {
  private Boxes() {}

  /** As left, top, right, bottom: {@code [..., 4]}. */
  static Tensor corners(Tensor boxes) {
    Tensor center = boxes.narrow(-1, 0, 2);
    Tensor half = boxes.narrow(-1, 2, 2).div(2);
    return Tensor.cat(List.of(center.sub(half), center.add(half)), -1);
  }

  /**
   * Generalised intersection over union (Rezatofighi et al. 2019) of boxes that stand opposite each
   * other, broadcast.
   *
   * @param a corners {@code [..., 4]}
   * @param b corners {@code [..., 4]}
   * @return {@code [...]} in (-1, 1]
   */
  static Tensor generalised(Tensor a, Tensor b) {
    Tensor shared = area(high(a).minimum(high(b)).sub(low(a).maximum(low(b))));
    Tensor union = area(high(a).sub(low(a))).add(area(high(b).sub(low(b)))).sub(shared);
    Tensor around = area(high(a).maximum(high(b)).sub(low(a).minimum(low(b))));
    return shared.div(union).sub(around.sub(union).div(around));
  }

  private static Tensor low(Tensor corners) {
    return corners.narrow(-1, 0, 2);
  }

  private static Tensor high(Tensor corners) {
    return corners.narrow(-1, 2, 2);
  }

  /** Of a width and a height that may be negative, which is empty. */
  private static Tensor area(Tensor sides) {
    Tensor real = sides.clamp(0, Double.POSITIVE_INFINITY);
    return real.select(-1, 0).mul(real.select(-1, 1));
  }
}
