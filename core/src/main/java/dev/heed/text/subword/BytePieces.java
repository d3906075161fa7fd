package dev.heed.text.subword;

import java.util.Arrays;
import java.util.HexFormat;

/** The pieces {@code <0x00>} to {@code <0xFF>} by which a vocabulary spells what it has not. */
public final class BytePieces {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final int[] ids;

  private BytePieces(int[] ids) {
    this.ids = ids;
  }

  /** Those of a vocabulary; some or all may be missing. */
  public static BytePieces of(Vocabulary vocabulary) {
    int[] ids = new int[256];
    Arrays.setAll(ids, b -> vocabulary.id(spelling((byte) b)));
    return new BytePieces(ids);
  }

  /** How the piece of a byte is spelt. */
  public static String spelling(byte b) {
    return "<0x" + HEX.toHexDigits(b) + ">";
  }

  /** The byte that a piece spells, or -1. */
  public static int value(String piece) {
    boolean form = piece.length() == 6 && piece.startsWith("<0x") && piece.endsWith(">");
    if (!form || !HexFormat.isHexDigit(piece.charAt(3)) || !HexFormat.isHexDigit(piece.charAt(4))) {
      return -1;
    }
    return HexFormat.fromHexDigits(piece, 3, 5);
  }

  /** Whether all of these bytes have a piece. */
  public boolean has(byte[] bytes) {
    for (byte b : bytes) {
      if (ids[b & 0xff] < 0) {
        return false;
      }
    }
    return true;
  }

  /** The number of a byte's piece, or -1. */
  public int id(byte b) {
    return ids[b & 0xff];
  }
}
