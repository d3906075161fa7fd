package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The values of stored blocks outside a file, by the number of their tensor type. */
public final class TensorBlocks {
  private final GgufType type;
  private final int blockBytes;

  private TensorBlocks(GgufType type) {
    this.type = type;
    this.blockBytes = type.storage().bits() / Byte.SIZE;
  }

  /**
   * Blocks of a type.
   *
   * @param where for messages
   * @param id the type's number in a GGUF file
   * @throws CheckpointException {@code UNKNOWN_TYPE} for any other number
   */
  public static TensorBlocks of(String where, int id) {
    return new TensorBlocks(GgufType.of(where, id));
  }

  /**
   * Decodes.
   *
   * @param blocks whole blocks
   * @throws CheckpointException {@code UNSUPPORTED} for integers, {@code SHAPE} for a part of a
   *     block
   */
  public float[] decode(MemorySegment blocks) {
    requireWhole(blocks.byteSize(), blockBytes);
    long count = blocks.byteSize() / blockBytes;
    float[] values = new float[Math.toIntExact(count * type.storage().block())];
    BlockReader.decode(decoder(), type.storage(), blocks, MemorySegment.ofArray(values));
    return values;
  }

  private BlockDecoder decoder() {
    return switch (type) {
      case F32 ->
          (bytes, at, values, to) ->
              values[to] =
                  Float.intBitsToFloat(
                      BlockDecoder.unsigned16(bytes, at)
                          | BlockDecoder.unsigned16(bytes, at + 2) << Short.SIZE);
      case F16 -> (bytes, at, values, to) -> values[to] = BlockDecoder.half(bytes, at);
      case BF16 ->
          (bytes, at, values, to) ->
              values[to] = Float.intBitsToFloat(BlockDecoder.unsigned16(bytes, at) << Short.SIZE);
      default ->
          type.decoder()
              .orElseThrow(() ->
                  new CheckpointException(
                      Kind.UNSUPPORTED,
                      "blocks",
                      "a type of floating-point values",
                      type.name(),
                      "Read them as a tensor."));
    };
  }

  /**
   * Encodes.
   *
   * @param values of whole blocks
   * @return empty for a type that Heed does not write
   * @throws CheckpointException {@code SHAPE} for a part of a block
   */
  public Optional<byte[]> encode(float[] values) {
    int block = type.storage().block();
    requireWhole(values.length, block);
    return type.encoder()
        .map(encoder -> {
          byte[] bytes = new byte[values.length / block * blockBytes];
          for (int i = 0; i < values.length / block; i++) {
            encoder.encode(values, i * block, bytes, i * blockBytes);
          }
          return bytes;
        });
  }

  private void requireWhole(long size, int block) {
    if (size % block != 0) {
      throw new CheckpointException(
          Kind.SHAPE,
          "blocks of " + type,
          "a multiple of " + block,
          size + "",
          "Give whole blocks.");
    }
  }
}
