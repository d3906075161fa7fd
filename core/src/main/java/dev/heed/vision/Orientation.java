package dev.heed.vision;

/**
 * How a camera was held: what its EXIF tag 0x0112 says of the stored rows and columns.
 *
 * <p>Source: Exif 2.32, section 4.6.4, table 4, "Orientation".
 */
public enum Orientation {
  /** The first row is the top, the first column the left side. */
  UPRIGHT(false, false, false),
  /** Mirrored left to right. */
  MIRRORED(false, false, true),
  /** Turned by half a turn. */
  UPSIDE_DOWN(false, true, true),
  /** Mirrored top to bottom. */
  FLIPPED(false, true, false),
  /** The first row is the left side, the first column the top. */
  TRANSPOSED(true, false, false),
  /** The first row is the right side: to be turned clockwise. */
  TURNED_LEFT(true, true, false),
  /** The first row is the right side, the first column the bottom. */
  TRANSVERSED(true, true, true),
  /** The first row is the left side: to be turned counter-clockwise. */
  TURNED_RIGHT(true, false, true);

  private final boolean swapped;
  private final boolean rowsBackwards;
  private final boolean columnsBackwards;

  Orientation(boolean swapped, boolean rowsBackwards, boolean columnsBackwards) {
    this.swapped = swapped;
    this.rowsBackwards = rowsBackwards;
    this.columnsBackwards = columnsBackwards;
  }

  /** The orientation of a tag's value; upright for a value that the standard does not know. */
  static Orientation of(int tag) {
    return tag >= 1 && tag <= values().length ? values()[tag - 1] : UPRIGHT;
  }

  /** Returns the image as it was seen. */
  RgbImage upright(RgbImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    RgbImage turned =
        swapped
            ? RgbImage.black(stored.width(), stored.height())
            : RgbImage.black(stored.height(), stored.width());
    for (int y = 0; y < turned.height(); y++) {
      for (int x = 0; x < turned.width(); x++) {
        int row = swapped ? x : y;
        int column = swapped ? y : x;
        int from =
            3
                * ((rowsBackwards ? stored.height() - 1 - row : row) * stored.width()
                    + (columnsBackwards ? stored.width() - 1 - column : column));
        System.arraycopy(stored.pixels(), from, turned.pixels(), 3 * (y * turned.width() + x), 3);
      }
    }
    return turned;
  }
}
