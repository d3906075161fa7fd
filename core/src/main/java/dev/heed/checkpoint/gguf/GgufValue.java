package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One value of a GGUF file's metadata, with the type that the file gives it.
 *
 * <p>The bytes stay in the file until they are asked for, so that a vocabulary of 250,000 strings
 * costs nothing where nobody reads it. Not valid after the file is closed.
 */
public final class GgufValue {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String GIVEN = "metadata to write";

  private final String where;
  private final GgufValueType type;
  private final long length;
  private final MemorySegment bytes;
  private final long[] starts;

  private GgufValue(
      String where, GgufValueType type, long length, MemorySegment bytes, long[] starts) {
    this.where = where;
    this.type = type;
    this.length = length;
    this.bytes = bytes;
    this.starts = starts;
  }

  /** A single value, of any type but a string: its bytes are all there is. */
  static GgufValue scalar(String where, GgufValueType type, MemorySegment bytes) {
    return new GgufValue(where, type, -1, bytes, new long[0]);
  }

  /**
   * A list of values.
   *
   * @param starts for strings, where each one's bytes begin, and the end; else empty
   */
  static GgufValue array(
      String where, GgufValueType type, long length, MemorySegment bytes, long[] starts) {
    return new GgufValue(where, type, length, bytes, starts);
  }

  /** Makes a string to write. */
  public static GgufValue of(String text) {
    return scalar(GIVEN, GgufValueType.STRING, utf8(text));
  }

  /** Makes an unsigned 32-bit number to write. */
  public static GgufValue of(int number) {
    return scalar(
        GIVEN, GgufValueType.U32, MemorySegment.ofArray(little(4).putInt(number).array()));
  }

  /** Makes a single-precision number to write. */
  public static GgufValue of(float number) {
    return scalar(
        GIVEN, GgufValueType.F32, MemorySegment.ofArray(little(4).putFloat(number).array()));
  }

  /** Makes a truth value to write. */
  public static GgufValue of(boolean truth) {
    byte[] bytes = {(byte) (truth ? 1 : 0)};
    return scalar(GIVEN, GgufValueType.BOOL, MemorySegment.ofArray(bytes));
  }

  /** Makes a list of signed 32-bit numbers to write. */
  public static GgufValue of(int... numbers) {
    ByteBuffer bytes = little(4 * numbers.length);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return array(
        GIVEN,
        GgufValueType.I32,
        numbers.length,
        MemorySegment.ofArray(bytes.array()),
        new long[0]);
  }

  /** Makes a list of single-precision numbers to write. */
  public static GgufValue of(float... numbers) {
    ByteBuffer bytes = little(4 * numbers.length);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    return array(
        GIVEN,
        GgufValueType.F32,
        numbers.length,
        MemorySegment.ofArray(bytes.array()),
        new long[0]);
  }

  /** Makes a list of strings to write. */
  public static GgufValue of(List<String> texts) {
    long[] starts = new long[texts.size() + 1];
    List<byte[]> encoded = texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
    for (int i = 0; i < encoded.size(); i++) {
      starts[i + 1] = starts[i] + 8 + encoded.get(i).length;
    }
    ByteBuffer bytes = little(Math.toIntExact(starts[texts.size()]));
    encoded.forEach(text -> bytes.putLong(text.length).put(text));
    return array(
        GIVEN, GgufValueType.STRING, texts.size(), MemorySegment.ofArray(bytes.array()), starts);
  }

  private static MemorySegment utf8(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the type of the value, or of each element of a list. */
  public GgufValueType type() {
    return type;
  }

  /** Tells whether this is a list. */
  public boolean isArray() {
    return length >= 0;
  }

  /** Returns how many elements the list has; 1 for a single value. */
  public long length() {
    return isArray() ? length : 1;
  }

  /**
   * Returns a string.
   *
   * @throws CheckpointException {@code VALUE} for another type, {@code MALFORMED} for bytes that
   *     are not UTF-8
   */
  public String text() {
    require(!isArray() && type == GgufValueType.STRING, "a string");
    return GgufCursor.text(where, bytes);
  }

  /**
   * Returns a whole number.
   *
   * @throws CheckpointException {@code VALUE} for another type, or beyond 2⁶³-1
   */
  public long integer() {
    require(!isArray() && type.isInteger(), "a whole number");
    return integer(0);
  }

  /**
   * Returns a number.
   *
   * @throws CheckpointException {@code VALUE} for another type
   */
  public double number() {
    require(!isArray() && (type.isInteger() || type.isFloat()), "a number");
    return number(0);
  }

  /**
   * Returns a truth value.
   *
   * @throws CheckpointException {@code VALUE} for another type
   */
  public boolean flag() {
    require(!isArray() && type == GgufValueType.BOOL, "a truth value");
    return flag(0);
  }

  /**
   * Returns a list of strings, each decoded when it is asked for.
   *
   * @throws CheckpointException {@code VALUE} for another type; from the list, {@code MALFORMED}
   *     for bytes that are not UTF-8
   */
  public List<String> texts() {
    require(isArray() && type == GgufValueType.STRING, "a list of strings");
    return new Texts();
  }

  /**
   * Returns a list of whole numbers.
   *
   * @throws CheckpointException {@code VALUE} for another type, or beyond 2⁶³-1
   */
  public long[] integers() {
    require(isArray() && type.isInteger(), "a list of whole numbers");
    long[] values = new long[Math.toIntExact(length)];
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(i);
    }
    return values;
  }

  /**
   * Returns a list of numbers.
   *
   * @throws CheckpointException {@code VALUE} for another type
   */
  public double[] numbers() {
    require(isArray() && (type.isInteger() || type.isFloat()), "a list of numbers");
    double[] values = new double[Math.toIntExact(length)];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(i);
    }
    return values;
  }

  /**
   * Returns a list of truth values.
   *
   * @throws CheckpointException {@code VALUE} for another type
   */
  public boolean[] flags() {
    require(isArray() && type == GgufValueType.BOOL, "a list of truth values");
    boolean[] values = new boolean[Math.toIntExact(length)];
    for (int i = 0; i < values.length; i++) {
      values[i] = flag(i);
    }
    return values;
  }

  /** Returns the value as JSON: a string, a number, a truth value, or a list of them. */
  public JsonNode toJson() {
    if (!isArray()) {
      return toJson(0);
    }
    ArrayNode list = JSON.arrayNode(Math.toIntExact(length));
    for (int i = 0; i < length; i++) {
      list.add(toJson(i));
    }
    return list;
  }

  /** For example {@code "llama"}, {@code 32} or {@code string[32000]}. */
  @Override
  public String toString() {
    return isArray() ? type + "[" + length + "]" : toJson(0).toString();
  }

  /** The value's bytes as they stand in a file, after its type. */
  MemorySegment bytes() {
    return bytes;
  }

  private JsonNode toJson(int i) {
    return switch (type) {
      case STRING -> JSON.stringNode(isArray() ? texts().get(i) : text());
      case BOOL -> JSON.booleanNode(flag(i));
      case F32 -> JSON.numberNode((float) number(i));
      case F64 -> JSON.numberNode(number(i));
      case U64 -> JSON.numberNode(new BigInteger(Long.toUnsignedString(signed(i))));
      default -> JSON.numberNode(signed(i));
    };
  }

  private long integer(int i) {
    long value = signed(i);
    require(type != GgufValueType.U64 || value >= 0, "a whole number below 2^63");
    return value;
  }

  private double number(int i) {
    return switch (type) {
      case F32 -> Float.intBitsToFloat(bytes.get(GgufCursor.INT, 4L * i));
      case F64 -> Double.longBitsToDouble(bytes.get(GgufCursor.LONG, 8L * i));
      default -> integer(i);
    };
  }

  private boolean flag(int i) {
    return bytes.get(ValueLayout.JAVA_BYTE, i) != 0;
  }

  /** A whole number's bits, widened as its type asks. */
  private long signed(int i) {
    return switch (type.bytes()) {
      case 1 -> type.widen(bytes.get(ValueLayout.JAVA_BYTE, i));
      case 2 ->
          type.widen(
              bytes.get(ValueLayout.JAVA_BYTE, 2L * i) & 0xff
                  | bytes.get(ValueLayout.JAVA_BYTE, 2L * i + 1) << 8);
      case 4 -> type.widen(bytes.get(GgufCursor.INT, 4L * i));
      default -> bytes.get(GgufCursor.LONG, 8L * i);
    };
  }

  private void require(boolean holds, String expected) {
    if (!holds) {
      throw new CheckpointException(
          Kind.VALUE,
          where,
          expected,
          isArray() ? "a list, " + this : type + " " + Quoted.of(toString()),
          "The file was not written for this use, or is damaged.");
    }
  }

  private final class Texts extends AbstractList<String> implements RandomAccess {
    @Override
    public String get(int index) {
      // Eight bytes of length stand before each string.
      long from = starts[java.util.Objects.checkIndex(index, size())] + 8;
      return GgufCursor.text(
          where + "[" + index + "]", bytes.asSlice(from, starts[index + 1] - from));
    }

    @Override
    public int size() {
      return Math.toIntExact(length);
    }
  }
}
