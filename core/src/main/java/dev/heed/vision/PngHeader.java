package dev.heed.vision;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Walks through the chunks of a PNG file, and keeps those that make pixels: text, profiles and what
 * else there is never reach the decoder.
 *
 * <p>Source: PNG (third edition), sections 5 and 11.
 */
final class PngHeader {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final Set<String> ESSENTIAL = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  /** Deflate makes at most so many bytes of one. */
  private static final long MOST_DEFLATED = 1032;

  private final String where;
  private final ByteBuffer bytes;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private int height;
  private int width;
  private int bitsPerPixel;
  private long dataBytes;
  private boolean ended;
  private Orientation orientation = Orientation.UPRIGHT;

  private PngHeader(String where, byte[] bytes) {
    this.where = where;
    this.bytes = ByteBuffer.wrap(bytes);
  }

  static boolean isThere(byte[] bytes) {
    return bytes.length >= 8 && Arrays.equals(bytes, 0, 8, SIGNATURE, 0, 8);
  }

  static ImageHeader read(String where, byte[] bytes) {
    PngHeader header = new PngHeader(where, bytes);
    header.walk();
    ImageHeader.requireSizes(
        where,
        header.height,
        header.width,
        header.dataBytes * MOST_DEFLATED * 8 / header.bitsPerPixel);
    return new ImageHeader(
        where,
        ImageHeader.Format.PNG,
        header.height,
        header.width,
        header.orientation,
        header.kept.toByteArray());
  }

  private void walk() {
    kept.writeBytes(SIGNATURE);
    bytes.position(SIGNATURE.length);
    while (!ended) {
      if (bytes.remaining() < 12) {
        throw error(Kind.TRUNCATED, "a chunk IEND", "the end of the file");
      }
      int start = bytes.position();
      long length = Integer.toUnsignedLong(bytes.getInt());
      byte[] type = new byte[4];
      bytes.get(type);
      if (length > bytes.remaining() - 4) {
        throw error(Kind.TRUNCATED, "a chunk of " + length + " bytes", bytes.remaining() + "");
      }
      chunk(new String(type, StandardCharsets.ISO_8859_1), (int) length, start);
      bytes.position(start + 12 + (int) length);
    }
  }

  private void chunk(String type, int length, int start) {
    if (width == 0 != type.equals("IHDR")) {
      throw error(Kind.MALFORMED, "one chunk IHDR, the first", "another chunk");
    }
    switch (type) {
      case "IHDR" -> sizes(length);
      case "IDAT" -> dataBytes += length;
      case "eXIf" -> orientation = Exif.orientation(bytes.slice(bytes.position(), length));
      case "IEND" -> ended = true;
      default -> requireKnown(type);
    }
    if (ESSENTIAL.contains(type)) {
      kept.write(bytes.array(), start, 12 + length);
    }
  }

  /** An upper-case first letter says that a reader must know the chunk. */
  private void requireKnown(String type) {
    if (Character.isUpperCase(type.charAt(0)) && !ESSENTIAL.contains(type)) {
      throw error(Kind.UNSUPPORTED, "chunks IHDR, PLTE, IDAT and IEND", "another critical chunk");
    }
  }

  private void sizes(int length) {
    if (length != 13) {
      throw error(Kind.MALFORMED, "a chunk IHDR of 13 bytes", length + "");
    }
    width = bytes.getInt();
    height = bytes.getInt();
    int depth = bytes.get();
    int colour = bytes.get();
    int channels =
        switch (colour) {
          case 0, 3 -> 1;
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 0;
        };
    boolean known =
        switch (depth) {
          case 1, 2, 4 -> colour == 0 || colour == 3;
          case 8 -> channels > 0;
          case 16 -> channels > 0 && colour != 3;
          default -> false;
        };
    if (!known || bytes.get() != 0 || bytes.get() != 0) {
      throw error(
          Kind.MALFORMED,
          "a colour type and bit depth of the standard",
          "colour type " + colour + ", depth " + depth);
    }
    if (width == 0) {
      throw error(Kind.VALUE, "positive sizes", height + " × 0");
    }
    bitsPerPixel = depth * channels;
  }

  private CheckpointException error(Kind kind, String expected, String got) {
    return new CheckpointException(kind, where, expected, got, ImageHeader.REMEDY);
  }
}
