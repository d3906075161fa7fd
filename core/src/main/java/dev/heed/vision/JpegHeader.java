package dev.heed.vision;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Walks through the segments of a JPEG file: its sizes, its orientation, how many scans it has.
 *
 * <p>Source: ITU-T T.81, annex B.
 */
final class JpegHeader {
  private static final int START = 0xd8;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;
  private static final int EXIF = 0xe1;

  /** A block of 64 pixels takes at least one bit. */
  private static final long MOST_PIXELS_A_BYTE = 512;

  /** Each scan goes over the whole image, so that many of them are a way to waste time. */
  private static final int MOST_SCANS = 100;

  private final String where;
  private final ByteBuffer bytes;
  private int height;
  private int width;
  private int scans;
  private Orientation orientation = Orientation.UPRIGHT;

  private JpegHeader(String where, byte[] bytes) {
    this.where = where;
    this.bytes = ByteBuffer.wrap(bytes);
  }

  static boolean isThere(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xff
        && bytes[1] == (byte) START
        && bytes[2] == (byte) 0xff;
  }

  static ImageHeader read(String where, byte[] bytes) {
    JpegHeader header = new JpegHeader(where, bytes);
    header.walk();
    if (header.scans == 0) {
      throw header.error(Kind.TRUNCATED, "a frame and a scan", "none");
    }
    return new ImageHeader(
        where, ImageHeader.Format.JPEG, header.height, header.width, header.orientation, bytes);
  }

  private void walk() {
    bytes.position(2);
    while (nextMarker()) {
      int marker = bytes.get() & 0xff;
      if (marker == END) {
        return;
      }
      boolean alone = marker == START || marker == 0x01 || marker >= 0xd0 && marker <= 0xd7;
      if (!alone) {
        segment(marker);
      }
    }
  }

  /** Goes on to the byte after the next 0xff that is no part of a scan's data. */
  private boolean nextMarker() {
    while (bytes.remaining() > 1) {
      if (bytes.get() == (byte) 0xff) {
        int next = bytes.get(bytes.position()) & 0xff;
        if (next != 0 && next != 0xff) {
          return true;
        }
      }
    }
    return false;
  }

  private void segment(int marker) {
    int length = bytes.remaining() < 2 ? 0 : Short.toUnsignedInt(bytes.getShort()) - 2;
    if (length < 0 || length > bytes.remaining()) {
      throw error(Kind.TRUNCATED, "a segment of " + length + " bytes", bytes.remaining() + "");
    }
    int end = bytes.position() + length;
    if (marker == SCAN) {
      if (height == 0) {
        throw error(Kind.MALFORMED, "a frame before a scan", "none");
      }
      if (++scans > MOST_SCANS) {
        throw error(Kind.TOO_LARGE, "at most " + MOST_SCANS + " scans", "more");
      }
    } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xcc) {
      frame(marker, length);
    } else if (marker == EXIF) {
      exif(length);
    }
    bytes.position(end);
  }

  private void frame(int marker, int length) {
    if (marker > 0xc2) {
      throw error(
          Kind.UNSUPPORTED, "a baseline or progressive file", "coding process " + (marker - 0xc0));
    }
    if (length < 6 || height != 0) {
      throw error(Kind.MALFORMED, "one frame of at least 6 bytes", length + "");
    }
    int precision = bytes.get();
    height = Short.toUnsignedInt(bytes.getShort());
    width = Short.toUnsignedInt(bytes.getShort());
    int channels = bytes.get();
    if (precision != 8 || channels != 1 && channels != 3) {
      throw error(
          Kind.UNSUPPORTED,
          "8 bits in one channel (grey) or three (colour)",
          precision + " bits in " + channels);
    }
    ImageHeader.requireSizes(where, height, width, bytes.capacity() * MOST_PIXELS_A_BYTE);
  }

  private void exif(int length) {
    byte[] mark = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    if (length < mark.length) {
      return;
    }
    byte[] there = new byte[mark.length];
    bytes.get(there);
    if (java.util.Arrays.equals(mark, there)) {
      orientation = Exif.orientation(bytes.slice(bytes.position(), length - mark.length));
    }
  }

  private CheckpointException error(Kind kind, String expected, String got) {
    return new CheckpointException(kind, where, expected, got, ImageHeader.REMEDY);
  }
}
