package dev.heed.evaluate;

import java.util.Locale;

/**
 * A rectangle in an image, and how much of it two share.
 *
 * @param x its left edge
 * @param y its upper edge
 * @param width not negative
 * @param height not negative
 */
public record Box(double x, double y, double width, double height) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not finite or a side is negative
   */
  public Box {
    boolean finite = Double.isFinite(x) && Double.isFinite(y);
    if (!finite || !(width >= 0 && height >= 0) || Double.isInfinite(width + height)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "box: expected finite x, y, width, height with sides of at least 0, got [%s, %s, %s,"
                  + " %s]",
              x,
              y,
              width,
              height));
    }
  }

  /** Width times height. */
  public double area() {
    return width * height;
  }

  /** The area that both cover. */
  public double intersection(Box other) {
    double wide = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
    double high = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
    return Math.max(0, wide) * Math.max(0, high);
  }

  /** The area that at least one covers. */
  public double union(Box other) {
    return area() + other.area() - intersection(other);
  }

  /** Intersection over union; 0 of two boxes without area. */
  public double iou(Box other) {
    return PrecisionRecall.ratio(intersection(other), union(other));
  }

  /**
   * Generalised IoU: {@code IoU - (C - union) / C}, C the area of the smallest box around both
   * (Rezatofighi et al., CVPR 2019); not a number where that has no area.
   */
  public double generalizedIou(Box other) {
    double around = aroundWidth(other) * aroundHeight(other);
    return around == 0 ? Double.NaN : iou(other) - (around - union(other)) / around;
  }

  /**
   * Distance IoU: {@code IoU - d² / c²}, d the distance of the centres, c the diagonal of the
   * smallest box around both (Zheng et al., AAAI 2020); not a number where that is a point.
   */
  public double distanceIou(Box other) {
    double offX = x + width / 2 - other.x - other.width / 2;
    double offY = y + height / 2 - other.y - other.height / 2;
    double wide = aroundWidth(other);
    double high = aroundHeight(other);
    double diagonal = wide * wide + high * high;
    return diagonal == 0 ? Double.NaN : iou(other) - (offX * offX + offY * offY) / diagonal;
  }

  /**
   * Complete IoU: {@code DIoU - α v}, {@code v = 4/π² (atan(w/h) - atan(w'/h'))²}, {@code α = v /
   * (1 - IoU + v)} (Zheng et al., AAAI 2020); not a number where a box has no height and width.
   */
  public double completeIou(Box other) {
    double turn = Math.atan(width / height) - Math.atan(other.width / other.height);
    double shape = 4 / (Math.PI * Math.PI) * turn * turn;
    double weight = PrecisionRecall.ratio(shape, 1 - iou(other) + shape);
    return distanceIou(other) - weight * shape;
  }

  private double aroundWidth(Box other) {
    return Math.max(x + width, other.x + other.width) - Math.min(x, other.x);
  }

  private double aroundHeight(Box other) {
    return Math.max(y + height, other.y + other.height) - Math.min(y, other.y);
  }
}
