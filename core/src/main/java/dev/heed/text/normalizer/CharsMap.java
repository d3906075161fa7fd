package dev.heed.text.normalizer;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * SentencePiece's precompiled character map: which characters are written as which others.
 *
 * <p>Layout: the trie's size in bytes (little endian), the trie, then zero-terminated UTF-8
 * replacements. The trie is a double array (Yata 2009, darts-clone): a 32-bit unit holds label
 * (bits 0–7 and 31), leaf flag (bit 8) and offset (bits 10–30, shifted by eight more when bit 9 is
 * set); a leaf's value is where its replacement begins.
 */
public final class CharsMap {
  private static final String REMEDY = "The file is damaged or hostile; get it again.";

  private final String where;
  private final int[] units;
  private final byte[] texts;

  private CharsMap(String where, int[] units, byte[] texts) {
    this.where = where;
    this.units = units;
    this.texts = texts;
  }

  /**
   * Reads a map and checks all of it.
   *
   * @param where the file and place, for messages
   * @param bytes the map; an empty one changes nothing
   * @throws CheckpointException {@code MALFORMED} for a trie that is not whole, or replacements
   *     that are not UTF-8
   */
  public static CharsMap of(String where, byte[] bytes) {
    if (bytes.length == 0) {
      return new CharsMap(where, new int[0], bytes);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = bytes.length < 4 ? -1 : Integer.toUnsignedLong(buffer.getInt());
    if (size < 4 || size % 4 != 0 || size > bytes.length - 4L) {
      throw error(
          where, "a character map that holds its trie", size + " of " + bytes.length + " bytes");
    }
    int[] units = new int[(int) size / 4];
    buffer.asIntBuffer().get(units);
    buffer.position(4 + (int) size);
    byte[] texts = new byte[buffer.remaining()];
    buffer.get(texts);
    CharsMap map = new CharsMap(where, units, texts);
    map.check();
    return map;
  }

  /** A rule that applies: how many UTF-16 units it replaces, and by what. */
  record Match(int length, String replacement) {}

  /**
   * The rule for the characters at an index.
   *
   * @param from where to look
   * @param to where the text to look at ends
   * @param longest the longest rule that applies, or the shortest
   * @return null if there is none
   */
  @org.jspecify.annotations.Nullable
  Match match(String text, int from, int to, boolean longest) {
    if (units.length == 0) {
      return null;
    }
    int value = -1;
    int length = 0;
    long node = offset(units[0]);
    for (int i = from; i < to; ) {
      int c = text.codePointAt(i);
      node = walk(node, c);
      if (node < 0) {
        break;
      }
      i += Character.charCount(c);
      // Walking leaves the leaf flag of the last unit in bit 62.
      if (node >>> 62 == 1) {
        node &= ~(1L << 62);
        value = units[(int) node] & 0x7fff_ffff;
        length = i - from;
        if (!longest) {
          break;
        }
      }
    }
    return value < 0 ? null : new Match(length, replacement(value));
  }

  private long walk(long from, int codePoint) {
    long node = from;
    int bytes = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    for (int i = 0; i < bytes; i++) {
      int b = utf8(codePoint, bytes, i);
      long at = node ^ b;
      int unit = at < units.length ? units[(int) at] : 0;
      if (b == 0 || (unit & 0x8000_00ff) != b) {
        return -1;
      }
      node = at ^ offset(unit);
      if (i == bytes - 1 && (unit >>> 8 & 1) == 1) {
        node |= 1L << 62;
      }
    }
    return node;
  }

  private static int utf8(int codePoint, int bytes, int i) {
    if (bytes == 1) {
      return codePoint;
    }
    int bits = codePoint >>> 6 * (bytes - 1 - i);
    return i == 0 ? (0xf00 >> bytes & 0xff) | bits : 0x80 | (bits & 0x3f);
  }

  private String replacement(int from) {
    int end = from;
    while (end < texts.length && texts[end] != 0) {
      end++;
    }
    return new String(texts, from, end - from, StandardCharsets.UTF_8);
  }

  private void check() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
    } catch (CharacterCodingException e) {
      throw error(where, "replacements in UTF-8", "other bytes");
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
      throw error(where, "replacements inside the character map", "position " + value);
    }
  }

  private int inside(long position) {
    if (position >= units.length) {
      throw error(where, "a trie of " + units.length + " units", "a step to unit " + position);
    }
    return (int) position;
  }

  private static long offset(int unit) {
    return (long) ((unit >>> 10) & 0x1f_ffff) << ((unit & 0x200) >>> 6);
  }

  private static CheckpointException error(String where, String expected, String got) {
    return new CheckpointException(Kind.MALFORMED, where, expected, got, REMEDY);
  }
}
