package dev.heed.checkpoint;

import dev.heed.tensor.DType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every element type that a safetensors file can name, with its size in bits.
 *
 * <p>Source: safetensors 0.8, {@code Dtype}. Heed lists all of them and reads those that {@link
 * dev.heed.tensor.DType} has.
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
  U64(64);

  private final int bits;

  StorageType(int bits) {
    this.bits = bits;
  }

  /** Returns the size of one element in bits. */
  public int bits() {
    return bits;
  }

  /**
   * Finds a type by the name that the format gives it.
   *
   * @param name case matters
   * @return the type, or empty when the format has no such type
   */
  public static Optional<StorageType> named(String name) {
    return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst();
  }

  /** Returns the tensor type that holds these elements, or empty when Heed computes with none. */
  public Optional<DType> dtype() {
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

  /** Returns all names, for messages. */
  static String known() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }
}
