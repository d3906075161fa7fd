package dev.heed.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the orientation among a file's EXIF tags. What is damaged there is taken for absent, as
 * viewers do: it cannot spoil pixels.
 *
 * <p>Source: Exif 2.32, section 4.5; TIFF 6.0, section 2.
 */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;

  private Exif() {}

  /** The orientation that a TIFF header's first directory names; upright if none. */
  static Orientation orientation(ByteBuffer tiff) {
    if (tiff.limit() < 8) {
      return Orientation.UPRIGHT;
    }
    switch (tiff.getShort(0)) {
      case 0x4949 -> tiff.order(ByteOrder.LITTLE_ENDIAN);
      case 0x4d4d -> tiff.order(ByteOrder.BIG_ENDIAN);
      default -> {
        return Orientation.UPRIGHT;
      }
    }
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory > tiff.limit() - 2) {
      return Orientation.UPRIGHT;
    }
    int count = Short.toUnsignedInt(tiff.getShort((int) directory));
    for (int i = 0; i < count; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > tiff.limit()) {
        break;
      }
      int at = (int) entry;
      if (Short.toUnsignedInt(tiff.getShort(at)) == ORIENTATION && tiff.getShort(at + 2) == SHORT) {
        return Orientation.of(Short.toUnsignedInt(tiff.getShort(at + 8)));
      }
    }
    return Orientation.UPRIGHT;
  }
}
