package dev.heed.checkpoint;

import dev.heed.tensor.DType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every element type that a safetensors file can name, and the blocks that a GGUF file packs its
 * weights in.
 *
 * <p>Source: safetensors 0.8, {@code Dtype}; ggml 0.14, {@code ggml_type}. Heed lists all of them
 * and reads those that {@link dev.heed.tensor.DType} has; blocks become {@link DType#F32}.
 */
public enum StorageType {
  /** One byte, 0 or 1. */
  BOOL(8),
  /** 4-bit float. */
  F4(4),
  /** 6-bit float, two exponent bits. */
  F6_E2M3(6),
  /** 6-bit float, three exponent bits. */
  F6_E3M2(6),
  /** Unsigned byte. */
  U8(8),
  /** Signed byte. */
  I8(8),
  /** 8-bit float, five exponent bits. */
  F8_E5M2(8),
  /** 8-bit float, four exponent bits. */
  F8_E4M3(8),
  /** 8-bit power of two (a block scale). */
  F8_E8M0(8),
  /** 8-bit float, four exponent bits, no negative zero. */
  F8_E4M3FNUZ(8),
  /** 8-bit float, five exponent bits, no negative zero. */
  F8_E5M2FNUZ(8),
  /** Signed 16-bit integer. */
  I16(16),
  /** Unsigned 16-bit integer. */
  U16(16),
  /** IEEE half precision. */
  F16(16),
  /** The upper half of a single. */
  BF16(16),
  /** Signed 32-bit integer. */
  I32(32),
  /** Unsigned 32-bit integer. */
  U32(32),
  /** IEEE single precision. */
  F32(32),
  /** Two singles: a complex number. */
  C64(64),
  /** IEEE double precision. */
  F64(64),
  /** Signed 64-bit integer. */
  I64(64),
  /** Unsigned 64-bit integer. */
  U64(64),
  /** 4-bit integers with one scale for 32 values. */
  Q4_0(32, 18),
  /** 4-bit integers with a scale and a minimum for 32 values. */
  Q4_1(32, 20),
  /** 5-bit integers with one scale for 32 values. */
  Q5_0(32, 22),
  /** 5-bit integers with a scale and a minimum for 32 values. */
  Q5_1(32, 24),
  /** 8-bit integers with one scale for 32 values. */
  Q8_0(32, 34),
  /** 8-bit integers with one scale and their sum for 32 values. */
  Q8_1(32, 36),
  /** 2-bit integers; 4-bit scales and minima for 16 values each. */
  Q2_K(256, 84),
  /** 3-bit integers; 6-bit scales for 16 values each. */
  Q3_K(256, 110),
  /** 4-bit integers; 6-bit scales and minima for 32 values each. */
  Q4_K(256, 144),
  /** 5-bit integers; 6-bit scales and minima for 32 values each. */
  Q5_K(256, 176),
  /** 6-bit integers; 8-bit scales for 16 values each. */
  Q6_K(256, 210),
  /** 8-bit integers with one scale and their sums for 256 values. */
  Q8_K(256, 292),
  /** Points of a grid of ternary values, 1.56 bits a value. */
  IQ1_S(256, 50),
  /** Points of a grid of ternary values, 1.75 bits a value. */
  IQ1_M(256, 56),
  /** Points of a grid of 256 in 8 dimensions. */
  IQ2_XXS(256, 66),
  /** Points of a grid of 512 in 8 dimensions. */
  IQ2_XS(256, 74),
  /** Points of a grid of 1024 in 8 dimensions. */
  IQ2_S(256, 82),
  /** Points of a grid of 256 in 4 dimensions. */
  IQ3_XXS(256, 98),
  /** Points of a grid of 512 in 4 dimensions. */
  IQ3_S(256, 110),
  /** 4-bit indices of unevenly spaced values with one scale for 32. */
  IQ4_NL(32, 18),
  /** 4-bit indices of unevenly spaced values; 6-bit scales for 32 each. */
  IQ4_XS(256, 136),
  /** Ternary digits, five to a byte. */
  TQ1_0(256, 54),
  /** Ternary digits, four to a byte. */
  TQ2_0(256, 66),
  /** 4-bit floats with a power of two for 32 values. */
  MXFP4(32, 17),
  /** 4-bit floats with an 8-bit float for 16 values each. */
  NVFP4(64, 36),
  /** Signs with one scale for 128 values. */
  Q1_0(128, 18);

  private final int bits;
  private final int block;

  StorageType(int bits) {
    this.bits = bits;
    this.block = 1;
  }

  StorageType(int block, int bytes) {
    this.bits = 8 * bytes;
    this.block = block;
  }

  /** Returns the size of one element, or of one {@link #block()} of them, in bits. */
  public int bits() {
    return bits;
  }

  /** Returns how many neighbouring elements of a row are stored together: 1 for a plain type. */
  public int block() {
    return block;
  }

  /**
   * Finds a plain type by the name that safetensors gives it.
   *
   * @param name case matters
   * @return the type, or empty when the format has no such type
   */
  public static Optional<StorageType> named(String name) {
    return Arrays.stream(values()).filter(t -> t.block == 1 && t.name().equals(name)).findFirst();
  }

  /** Returns the tensor type that holds these elements, or empty when Heed computes with none. */
  public Optional<DType> dtype() {
    if (block > 1) {
      return Optional.of(DType.F32);
    }
    return switch (this) {
      case F64 -> Optional.of(DType.F64);
      case F32 -> Optional.of(DType.F32);
      case F16 -> Optional.of(DType.F16);
      case BF16 -> Optional.of(DType.BF16);
      case I64 -> Optional.of(DType.I64);
      case I32 -> Optional.of(DType.I32);
      case U8 -> Optional.of(DType.U8);
      case BOOL -> Optional.of(DType.BOOL);
      case C64 -> Optional.of(DType.C64);
      default -> Optional.empty();
    };
  }

  /**
   * Returns how a tensor's elements are stored.
   *
   * @param dtype any but {@link DType#C128}, which safetensors lacks
   * @throws CheckpointException {@code UNSUPPORTED} for {@link DType#C128}
   */
  public static StorageType of(DType dtype) {
    return switch (dtype) {
      case F64 -> F64;
      case F32 -> F32;
      case F16 -> F16;
      case BF16 -> BF16;
      case I64 -> I64;
      case I32 -> I32;
      case U8 -> U8;
      case BOOL -> BOOL;
      case C64 -> C64;
      case C128 ->
          throw new CheckpointException(
              CheckpointException.Kind.UNSUPPORTED,
              "a tensor to store",
              "a type that safetensors has",
              dtype.toString(),
              "Store its real and imaginary parts.");
    };
  }

  /** Returns the tensor type that holds these elements, or says that there is none. */
  DType readable(String where) {
    return dtype()
        .orElseThrow(() ->
            new CheckpointException(
                CheckpointException.Kind.UNSUPPORTED,
                where,
                "one of F64, F32, F16, BF16, I64, I32, U8, BOOL, C64",
                name(),
                "Convert the checkpoint to one of these types."));
  }

  /** Returns the names of all plain types, for messages. */
  static String known() {
    return Arrays.stream(values())
        .filter(t -> t.block == 1)
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }
}
