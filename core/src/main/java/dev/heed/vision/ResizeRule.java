package dev.heed.vision;

/** What size an image is given. */
sealed interface ResizeRule {
  /** Resizes an image, and crops it where the rule says so. */
  RgbImage apply(RgbImage image, Resampling filter);

  /** This size, whatever the image's. */
  record Exactly(int height, int width) implements ResizeRule {
    @Override
    public RgbImage apply(RgbImage image, Resampling filter) {
      return Resizer.resize(image, height, width, filter);
    }
  }

  /** The shorter edge to this length, the other in proportion, rounded down. */
  record ShortestEdge(int edge) implements ResizeRule {
    @Override
    public RgbImage apply(RgbImage image, Resampling filter) {
      return proportional(image, edge, filter);
    }
  }

  /** The shorter edge to a length, or less, so that the longer one stays within another. */
  record WithinLongestEdge(int shortest, int longest) implements ResizeRule {
    @Override
    public RgbImage apply(RgbImage image, Resampling filter) {
      double least = Math.min(image.height(), image.width());
      double most = Math.max(image.height(), image.width());
      int edge = shortest;
      if (most / least * edge > longest) {
        // Python rounds halves to even.
        edge = Math.max(1, (int) Math.rint(longest * least / most));
      }
      return proportional(image, edge, filter);
    }
  }

  /** As large as fits within both, in proportion. */
  record Within(int height, int width) implements ResizeRule {
    @Override
    public RgbImage apply(RgbImage image, Resampling filter) {
      double scale = Math.min((double) height / image.height(), (double) width / image.width());
      return Resizer.resize(
          image,
          Math.max(1, (int) (image.height() * scale)),
          Math.max(1, (int) (image.width() * scale)),
          filter);
    }
  }

  /**
   * ConvNeXt's: below 384 the shorter edge to {@code edge / share}, then the middle square of
   * {@code edge}; from 384 on the whole image to a square.
   */
  record CroppedShare(int edge, double share) implements ResizeRule {
    private static final int WHOLE_FROM = 384;

    @Override
    public RgbImage apply(RgbImage image, Resampling filter) {
      if (edge >= WHOLE_FROM) {
        return Resizer.resize(image, edge, edge, filter);
      }
      return CenterCrop.crop(proportional(image, (int) (edge / share), filter), edge, edge);
    }
  }

  private static RgbImage proportional(RgbImage image, int edge, Resampling filter) {
    boolean wide = image.height() <= image.width();
    int least = wide ? image.height() : image.width();
    int most = wide ? image.width() : image.height();
    long other = Math.max(1, (long) ((double) ((long) edge * most) / least));
    if (other * edge > ImageHeader.MOST_PIXELS) {
      throw new IllegalArgumentException(
          "resizing an image: expected at most "
              + ImageHeader.MOST_PIXELS
              + " pixels, got "
              + edge
              + " × "
              + other
              + "; crop an image that is so long and narrow");
    }
    return wide
        ? Resizer.resize(image, edge, (int) other, filter)
        : Resizer.resize(image, (int) other, edge, filter);
  }
}
