package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.StorageType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tensor types of a GGUF file: their numbers there, how they are stored, and how a block of
 * them is decoded.
 */
enum GgufType {
  F32(0, StorageType.F32, null),
  F16(1, StorageType.F16, null),
  Q4_0(2, StorageType.Q4_0, EvenBlocks::q4Zero),
  Q4_1(3, StorageType.Q4_1, EvenBlocks::q4One),
  Q5_0(6, StorageType.Q5_0, EvenBlocks::q5Zero),
  Q5_1(7, StorageType.Q5_1, EvenBlocks::q5One),
  Q8_0(8, StorageType.Q8_0, EvenBlocks::q8Zero),
  Q8_1(9, StorageType.Q8_1, EvenBlocks::q8One),
  Q2_K(10, StorageType.Q2_K, LayeredBlocks::q2),
  Q3_K(11, StorageType.Q3_K, LayeredBlocks::q3),
  Q4_K(12, StorageType.Q4_K, LayeredBlocks::q4),
  Q5_K(13, StorageType.Q5_K, LayeredBlocks::q5),
  Q6_K(14, StorageType.Q6_K, LayeredBlocks::q6),
  Q8_K(15, StorageType.Q8_K, EvenBlocks::q8Large),
  IQ2_XXS(16, StorageType.IQ2_XXS, GridBlocks::iq2Smallest),
  IQ2_XS(17, StorageType.IQ2_XS, GridBlocks::iq2Small),
  IQ3_XXS(18, StorageType.IQ3_XXS, GridBlocks::iq3Smallest),
  IQ1_S(19, StorageType.IQ1_S, GridBlocks::iq1),
  IQ4_NL(20, StorageType.IQ4_NL, FewBitBlocks::iq4NonLinear),
  IQ3_S(21, StorageType.IQ3_S, GridBlocks::iq3),
  IQ2_S(22, StorageType.IQ2_S, GridBlocks::iq2),
  IQ4_XS(23, StorageType.IQ4_XS, FewBitBlocks::iq4Layered),
  I8(24, StorageType.I8, null),
  I16(25, StorageType.I16, null),
  I32(26, StorageType.I32, null),
  I64(27, StorageType.I64, null),
  F64(28, StorageType.F64, null),
  IQ1_M(29, StorageType.IQ1_M, GridBlocks::iq1Medium),
  BF16(30, StorageType.BF16, null),
  TQ1_0(34, StorageType.TQ1_0, FewBitBlocks::ternaryFive),
  TQ2_0(35, StorageType.TQ2_0, FewBitBlocks::ternaryFour),
  MXFP4(39, StorageType.MXFP4, FewBitBlocks::microscaled),
  NVFP4(40, StorageType.NVFP4, FewBitBlocks::nvidia),
  Q1_0(41, StorageType.Q1_0, FewBitBlocks::signs);

  private static final Map<Integer, GgufType> BY_ID = new HashMap<>();

  static {
    for (GgufType type : values()) {
      BY_ID.put(type.id, type);
    }
  }

  private final int id;
  private final StorageType storage;
  private final @Nullable BlockDecoder decoder;

  GgufType(int id, StorageType storage, @Nullable BlockDecoder decoder) {
    this.id = id;
    this.storage = storage;
    this.decoder = decoder;
  }

  /** The type's number in a file. */
  int id() {
    return id;
  }

  StorageType storage() {
    return storage;
  }

  /** How a block becomes floats; empty for a type that a tensor holds as it is. */
  Optional<BlockDecoder> decoder() {
    return Optional.ofNullable(decoder);
  }

  /** How floats become a block; empty for a type that Heed does not write. */
  Optional<BlockEncoder> encoder() {
    return Optional.ofNullable(
        switch (this) {
          case F32 -> BlockEncoder::f32;
          case F16 -> BlockEncoder::f16;
          case BF16 -> BlockEncoder::bf16;
          case Q8_0 -> BlockEncoder::q8;
          case Q4_0 -> BlockEncoder::q4;
          default -> null;
        });
  }

  /**
   * Finds a type by its number in a file.
   *
   * @throws CheckpointException {@code UNKNOWN_TYPE} for any other number
   */
  static GgufType of(String where, int id) {
    GgufType type = BY_ID.get(id);
    if (type == null) {
      throw new CheckpointException(
          Kind.UNKNOWN_TYPE,
          where,
          "a tensor type of "
              + Arrays.stream(values())
                  .map(t -> t.name() + " (" + t.id + ")")
                  .collect(Collectors.joining(", ")),
          Integer.toUnsignedString(id),
          "Convert the file with a current llama.cpp, for example to Q8_0.");
    }
    return type;
  }

  /** Finds the type that is stored so. */
  static Optional<GgufType> of(StorageType storage) {
    return Arrays.stream(values()).filter(t -> t.storage == storage).findFirst();
  }
}
