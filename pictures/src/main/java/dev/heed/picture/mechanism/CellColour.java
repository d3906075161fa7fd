package dev.heed.picture.mechanism;

import dev.heed.explain.Palette;
import dev.heed.picture.PageColours;

/**
 * How the cells of one map are coloured; the terminal, an image and a page colour alike.
 *
 * @param map whose cells
 * @param scale the number that the strongest colour stands for
 */
record CellColour(MapPanel map, double scale) {
  private static final int EMPTY = 0xF1F2F4;

  static CellColour of(MechanismPicture picture, MapPanel map) {
    return new CellColour(map, picture.scale(map));
  }

  /** The colour of one cell as {@code 0xRRGGBB}. */
  int rgb(int row, int column) {
    return ofValue(map.at(row, column));
  }

  /** The colour of a number. */
  int ofValue(double value) {
    return switch (map.kind()) {
      case MASK -> value == 0 ? EMPTY : Palette.kind(0);
      case CLASSES -> value == 0 ? EMPTY : Palette.kind((int) value - 1);
      default -> Palette.signed(share(value));
    };
  }

  /** The class of one cell in {@link PageColours}; {@code none} where nothing is. */
  String shade(int row, int column) {
    double value = map.at(row, column);
    return switch (map.kind()) {
      case MASK -> value == 0 ? "none" : PageColours.kind(0);
      case CLASSES -> value == 0 ? "none" : PageColours.kind((int) value - 1);
      default -> PageColours.signed(share(value));
    };
  }

  /** The number as a share of the scale, in {@code [-1, 1]}. */
  float share(double value) {
    return scale == 0 ? 0 : (float) Math.clamp(value / scale, -1.0, 1.0);
  }
}
