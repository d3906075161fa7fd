package dev.heed.tensor;

import java.util.Locale;

/**
 * The type of a tensor's elements.
 *
 * <p>{@link #F16} and {@link #BF16} are storage formats: Java reads them as {@code float}. The
 * complex types exist for Fourier transforms and state space kernels.
 */
public enum DType {
  /** IEEE 754 double precision. */
  F64(8, Kind.FLOATING),
  /** IEEE 754 single precision. */
  F32(4, Kind.FLOATING),
  /** IEEE 754 half precision: 5 exponent bits, 10 fraction bits. */
  F16(2, Kind.FLOATING),
  /** Brain floating point: 8 exponent bits, 7 fraction bits. */
  BF16(2, Kind.FLOATING),
  /** Signed 64-bit integer. */
  I64(8, Kind.INTEGER),
  /** Signed 32-bit integer. */
  I32(4, Kind.INTEGER),
  /** Unsigned 8-bit integer. */
  U8(1, Kind.INTEGER),
  /** Truth value, one byte each. */
  BOOL(1, Kind.TRUTH),
  /** Complex number of two {@link #F32}. */
  C64(8, Kind.COMPLEX),
  /** Complex number of two {@link #F64}. */
  C128(16, Kind.COMPLEX);

  private enum Kind {
    FLOATING,
    INTEGER,
    TRUTH,
    COMPLEX
  }

  private final int bytes;
  private final Kind kind;

  DType(int bytes, Kind kind) {
    this.bytes = bytes;
    this.kind = kind;
  }

  /** The type that sums of this one are held in: {@link #F32} for half precision, else itself. */
  public DType ofSums() {
    return this == F16 || this == BF16 ? F32 : this;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether values are real floating-point numbers. */
  public boolean isFloating() {
    return kind == Kind.FLOATING;
  }

  /** Whether values are integers (truth values are not). */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }

  /** Whether values are complex numbers. */
  public boolean isComplex() {
    return kind == Kind.COMPLEX;
  }

  /** The lower-case name, as printed with a shape: {@code f32[2, 3]}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
