package dev.heed.text.align;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * UTF-8 to text where the bytes may be cut or wrong, as tokens of byte-level vocabularies are.
 *
 * <p>Each maximal part of a character, and each byte that cannot begin one, becomes one U+FFFD
 * (Unicode 16, section 3.9, table 3-8), as in Rust and Python; Java's own decoder takes three bytes
 * of a surrogate as one.
 */
public final class LossyUtf8 {
  private LossyUtf8() {}

  /** Decodes with U+FFFD for what is not UTF-8. */
  public static String decode(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; ) {
      int length = length(bytes, i);
      if (length > 0) {
        text.appendCodePoint(codePoint(bytes, i, length));
        i += length;
      } else {
        text.append('\ufffd');
        i -= length;
      }
    }
    return text.toString();
  }

  /** Decodes, or gives nothing when the bytes are not UTF-8. */
  public static Optional<String> decodeStrictly(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * How many bytes the character at an index takes; for what is no character, minus the length of
   * the part of one that is there, at least one.
   */
  public static int length(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int needed = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    for (int i = 1; i < needed; i++) {
      int low = 0x80;
      int high = 0xbf;
      if (i == 1) {
        low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : low;
        high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : high;
      }
      int next = at + i < bytes.length ? bytes[at + i] & 0xff : -1;
      if (next < low || next > high) {
        return -i;
      }
    }
    return needed == 0 ? -1 : needed;
  }

  private static int codePoint(byte[] bytes, int at, int length) {
    int value = length == 1 ? bytes[at] : bytes[at] & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      value = value << 6 | (bytes[at + i] & 0x3f);
    }
    return value;
  }
}
