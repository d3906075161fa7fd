package dev.heed.text;

import static dev.heed.text.TokenizerFile.error;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * Checks SentencePiece's precompiled character map, whose lookups native code does without a bounds
 * check of its own.
 *
 * <p>Layout: the trie's size in bytes (little endian), the trie, then zero-terminated UTF-8
 * replacements. The trie is a double array (Yata 2009, darts-clone): a 32-bit unit holds label
 * (bits 0–7 and 31), leaf flag (bit 8) and offset (bits 10–30, shifted by eight more when bit 9 is
 * set); a leaf's value is where its replacement begins.
 */
final class CharsMapCheck {
  private final String at;
  private final int[] units;
  private final byte[] texts;

  private CharsMapCheck(String at, int[] units, byte[] texts) {
    this.at = at;
    this.units = units;
    this.texts = texts;
  }

  static void check(String at, String base64) {
    byte[] bytes = decode(at, base64);
    if (bytes.length == 0) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = bytes.length < 4 ? -1 : Integer.toUnsignedLong(buffer.getInt());
    if (size < 4 || size % 4 != 0 || size > bytes.length - 4L) {
      throw error(
          Kind.MALFORMED,
          at,
          "a character map that holds its trie",
          size + " of " + bytes.length + " bytes");
    }
    int[] units = new int[(int) size / 4];
    buffer.asIntBuffer().get(units);
    buffer.position(4 + (int) size);
    byte[] texts = new byte[buffer.remaining()];
    buffer.get(texts);
    new CharsMapCheck(at, units, texts).check();
  }

  private static byte[] decode(String at, String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw error(Kind.MALFORMED, at, "a character map in base 64", "other text");
    }
  }

  private void check() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
    } catch (CharacterCodingException e) {
      throw error(Kind.MALFORMED, at, "replacements in UTF-8", "other bytes");
    }
    BitSet seen = new BitSet(units.length);
    Deque<Integer> open = new ArrayDeque<>();
    open.add(0);
    seen.set(0);
    while (!open.isEmpty()) {
      int node = open.remove();
      long base = node ^ offset(units[node]);
      if (node != 0 && (units[node] >>> 8 & 1) == 1) {
        leaf(base);
      }
      for (int label = 1; label < 256; label++) {
        int child = inside(base ^ label);
        boolean matches = (units[child] & 0x8000_00ff) == label;
        if (matches && !seen.get(child)) {
          seen.set(child);
          open.add(child);
        }
      }
    }
  }

  private void leaf(long position) {
    int value = units[inside(position)] & 0x7fff_ffff;
    boolean startsCharacter = value < texts.length && (texts[value] & 0xc0) != 0x80;
    if (!startsCharacter) {
      throw error(Kind.MALFORMED, at, "replacements inside the character map", "position " + value);
    }
  }

  private int inside(long position) {
    if (position >= units.length) {
      throw error(
          Kind.MALFORMED, at, "a trie of " + units.length + " units", "a step to unit " + position);
    }
    return (int) position;
  }

  private static long offset(int unit) {
    return (long) ((unit >>> 10) & 0x1f_ffff) << ((unit & 0x200) >>> 6);
  }
}
