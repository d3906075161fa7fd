package dev.heed.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A message in Protocol Buffers' wire format, read field by field where it lies.
 *
 * <p>A message is a row of fields, each a {@link #tag() tag} and a value. A tag says which field of
 * its message it is and of which type the value: who reads it must read that value or {@link #skip}
 * it. Every length is checked against what is left before anything is read or allocated.
 *
 * <p>Source: Protocol Buffers, "Encoding".
 */
public final class WireReader {
  /** A number in groups of seven bits, the lowest first. */
  public static final int VARINT = 0;

  /** Eight bytes. */
  public static final int FIXED64 = 1;

  /** A length and so many bytes: a text, a message, packed numbers. */
  public static final int BYTES = 2;

  /** Four bytes. */
  public static final int FIXED32 = 5;

  private static final int GROUP = 3;
  private static final int GROUP_END = 4;
  private static final int DEEPEST_GROUP = 100;
  private static final int TYPE_BITS = 3;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final long end;
  private long at;

  /**
   * Reads a message from its first byte.
   *
   * @param bytes all of it
   */
  public WireReader(MemorySegment bytes) {
    this(bytes, 0, bytes.byteSize());
  }

  private WireReader(MemorySegment bytes, long from, long end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** The tag of a field of a type. */
  static int tag(int field, int type) {
    return field << TYPE_BITS | type;
  }

  /** Which field a tag begins. */
  public static int field(int tag) {
    return tag >>> TYPE_BITS;
  }

  /** Of which type the value after a tag is. */
  static int type(int tag) {
    return tag & ((1 << TYPE_BITS) - 1);
  }

  /** Whether nothing is left of this message. */
  public boolean isAtEnd() {
    return at == end;
  }

  /** Where the next byte lies, counted from the first of the outermost message. */
  long position() {
    return at;
  }

  /**
   * Reads a tag.
   *
   * @throws EOFException when the message ends within it
   * @throws IOException when it is none
   */
  public int tag() throws IOException {
    int tag = (int) varint();
    if (field(tag) == 0) {
      throw new IOException("an invalid tag, of field 0");
    }
    return tag;
  }

  /**
   * Reads a number of at most 64 bits; fewer are its lowest.
   *
   * @throws EOFException when the message ends within it
   * @throws IOException when it is longer than ten bytes
   */
  public long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      require(1);
      byte next = bytes.get(ValueLayout.JAVA_BYTE, at++);
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("a varint of more than ten bytes");
  }

  /**
   * Reads a number of four bytes as the float that it is.
   *
   * @throws EOFException when the message ends within it
   */
  public float float32() throws IOException {
    require(Integer.BYTES);
    float value = Float.intBitsToFloat(bytes.get(INT, at));
    at += Integer.BYTES;
    return value;
  }

  /**
   * Reads the length of what follows.
   *
   * @throws EOFException when less than that is left
   * @throws IOException when it is no number
   */
  long length() throws IOException {
    long length = Integer.toUnsignedLong((int) varint());
    require(length);
    return length;
  }

  /**
   * Reads a message within this one.
   *
   * @return a reader of it; this one goes on after it
   * @throws IOException as {@link #length}
   */
  public WireReader message() throws IOException {
    long length = length();
    at += length;
    return new WireReader(bytes, at - length, at);
  }

  /**
   * Reads bytes.
   *
   * @return a copy
   * @throws IOException as {@link #length}
   */
  public byte[] bytes() throws IOException {
    int length = Math.toIntExact(length());
    at += length;
    return bytes.asSlice(at - length, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * Reads a text.
   *
   * @throws IOException as {@link #length}, and when it is no UTF-8
   */
  public String text() throws IOException {
    return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes())).toString();
  }

  /**
   * Passes over the value of a field.
   *
   * @param tag what was read before it
   * @throws EOFException when the message ends within it
   * @throws IOException when there is no such type, a group ends that did not begin, or groups lie
   *     in each other more than 100 deep
   */
  public void skip(int tag) throws IOException {
    skip(tag, 1);
  }

  private void skip(int tag, int depth) throws IOException {
    switch (type(tag)) {
      case VARINT -> varint();
      case FIXED64 -> advance(Long.BYTES);
      case BYTES -> advance(length());
      case FIXED32 -> advance(Integer.BYTES);
      case GROUP -> skipGroup(field(tag), depth);
      case GROUP_END -> throw new IOException("an end-group tag did not match");
      default -> throw new IOException("an invalid wire type, " + type(tag));
    }
  }

  private void skipGroup(int field, int depth) throws IOException {
    if (depth > DEEPEST_GROUP) {
      throw new IOException("a nesting of more than " + DEEPEST_GROUP + " groups");
    }
    int tag = tag();
    for (; type(tag) != GROUP_END; tag = tag()) {
      skip(tag, depth + 1);
    }
    if (field(tag) != field) {
      throw new IOException("an end-group tag did not match");
    }
  }

  private void advance(long count) throws IOException {
    require(count);
    at += count;
  }

  private void require(long count) throws EOFException {
    if (count > end - at) {
      throw new EOFException(count + " bytes declared, " + (end - at) + " left");
    }
  }
}
