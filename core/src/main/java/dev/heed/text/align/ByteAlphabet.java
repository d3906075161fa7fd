package dev.heed.text.align;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The 256 visible characters that byte-level vocabularies write bytes with (Radford et al. 2019,
 * GPT-2's {@code encoder.py}): printable Latin-1 stands for itself, the other bytes in their order
 * for U+0100, U+0101 and so on; a space is Ġ.
 */
public final class ByteAlphabet {
  private static final char[] CHARACTERS = new char[256];
  private static final short[] BYTES = new short[0x200];

  static {
    java.util.Arrays.fill(BYTES, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean visible =
          (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || (b >= 0xae && b <= 0xff);
      CHARACTERS[b] = visible ? (char) b : next++;
      BYTES[CHARACTERS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The character of a byte, given as 0 to 255. */
  public static char character(int b) {
    return CHARACTERS[b];
  }

  /** Writes bytes. */
  public static String write(byte[] bytes) {
    char[] written = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      written[i] = CHARACTERS[bytes[i] & 0xff];
    }
    return new String(written);
  }

  /** Writes a text's UTF-8; every byte comes from where its character does. */
  public static AlignedText write(AlignedText text) {
    String s = text.text();
    int ascii = 0;
    while (ascii < s.length() && s.charAt(ascii) < 0x80) {
      ascii++;
    }
    if (ascii == s.length()) {
      return text.withText(write(s.getBytes(StandardCharsets.US_ASCII)));
    }
    Rewrite rewrite = new Rewrite(text);
    while (rewrite.hasNext()) {
      int c = rewrite.peek();
      byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
      rewrite.replace(CHARACTERS[bytes[0] & 0xff]);
      for (int i = 1; i < bytes.length; i++) {
        rewrite.insert(CHARACTERS[bytes[i] & 0xff]);
      }
    }
    return rewrite.done();
  }

  /** Reads bytes back, or nothing when a character is none of the 256. */
  public static Optional<byte[]> read(String written) {
    byte[] bytes = new byte[written.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = written.charAt(i);
      if (c >= BYTES.length || BYTES[c] < 0) {
        return Optional.empty();
      }
      bytes[i] = (byte) BYTES[c];
    }
    return Optional.of(bytes);
  }
}
