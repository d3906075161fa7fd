package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Walks through a file's bytes; every step is checked against what is left. */
final class GgufCursor {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final String REMEDY = "The file is damaged, incomplete or hostile; get it again.";

  private final String where;
  private final MemorySegment bytes;
  private long next;

  GgufCursor(String where, MemorySegment bytes) {
    this.where = where;
    this.bytes = bytes;
  }

  /** Where the next byte lies. */
  long position() {
    return next;
  }

  /** Everything from the next byte on. */
  MemorySegment rest() {
    return bytes.asSlice(next);
  }

  long left() {
    return bytes.byteSize() - next;
  }

  int int32(String what) {
    return bytes.get(INT, step(4, what));
  }

  long int64(String what) {
    return bytes.get(LONG, step(8, what));
  }

  /**
   * Reads how many items follow.
   *
   * @param smallest the least bytes that one of them takes
   */
  long count(String what, long smallest) {
    long count = int64("the number of " + what);
    if (count < 0 || count > left() / smallest) {
      throw error(
          Kind.TRUNCATED,
          Long.toUnsignedString(count) + " " + what + " of at least " + smallest + " bytes each",
          left() + " bytes");
    }
    return count;
  }

  /** Passes over so many bytes and returns them. */
  MemorySegment take(long count, String what) {
    return bytes.asSlice(step(count, what), count);
  }

  /** Passes over a string and returns its bytes. */
  MemorySegment string(String what) {
    return take(count("bytes of " + what, 1), what);
  }

  /** Reads a string that names something. */
  String name(String what, int longest) {
    MemorySegment name = string(what);
    if (name.byteSize() > longest) {
      throw error(Kind.TOO_LARGE, "at most " + longest + " bytes of " + what, name.byteSize() + "");
    }
    return text(where + ", " + what, name);
  }

  /** Decodes UTF-8 and nothing else. */
  static String text(String where, MemorySegment utf8) {
    byte[] copy = utf8.toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(copy)).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException(
          Kind.MALFORMED,
          where,
          "UTF-8",
          Quoted.of(new String(copy, StandardCharsets.UTF_8)),
          REMEDY,
          e);
    }
  }

  CheckpointException error(Kind kind, String expected, String got) {
    return new CheckpointException(kind, where, expected, got, REMEDY);
  }

  private long step(long count, String what) {
    if (count > left()) {
      throw error(
          Kind.TRUNCATED, count + " bytes for " + what + " at byte " + next, left() + " bytes");
    }
    long at = next;
    next += count;
    return at;
  }
}
