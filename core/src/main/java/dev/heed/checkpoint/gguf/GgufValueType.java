package dev.heed.checkpoint.gguf;

import java.util.Locale;

/** The types of metadata, in the order of their numbers in a file. */
public enum GgufValueType {
  /** Unsigned byte. */
  U8(1, true),
  /** Signed byte. */
  I8(1, true),
  /** Unsigned 16-bit integer. */
  U16(2, true),
  /** Signed 16-bit integer. */
  I16(2, true),
  /** Unsigned 32-bit integer. */
  U32(4, true),
  /** Signed 32-bit integer. */
  I32(4, true),
  /** IEEE single precision. */
  F32(4, false),
  /** One byte, 0 or 1. */
  BOOL(1, false),
  /** UTF-8 after its length in bytes. */
  STRING(0, false),
  /** A list of values of one type, after that type and their number. */
  ARRAY(0, false),
  /** Unsigned 64-bit integer. */
  U64(8, true),
  /** Signed 64-bit integer. */
  I64(8, true),
  /** IEEE double precision. */
  F64(8, false);

  private final int bytes;
  private final boolean integer;

  GgufValueType(int bytes, boolean integer) {
    this.bytes = bytes;
    this.integer = integer;
  }

  /** Returns the size of one value in bytes; 0 where values differ in size. */
  public int bytes() {
    return bytes;
  }

  /** Tells whether values are whole numbers. */
  public boolean isInteger() {
    return integer;
  }

  /** Tells whether values are floating-point numbers. */
  public boolean isFloat() {
    return this == F32 || this == F64;
  }

  /** Widens bits that were read as a signed number. */
  long widen(int bits) {
    return switch (this) {
      case U8 -> bits & 0xff;
      case U16 -> bits & 0xffff;
      case U32 -> Integer.toUnsignedLong(bits);
      default -> bits;
    };
  }

  /** The name in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
