package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.MappedFile;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.TensorBytes;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.StoredTensors;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.kernel.BlockFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads a tensor from stored bytes: plain types as they are, blocks as floats. */
final class BlockReader {
  /** How many bytes of blocks are decoded at a time: what stays in a processor's cache. */
  private static final int CHUNK = 16_384;

  private BlockReader() {}

  /**
   * Reads a tensor.
   *
   * @param where for messages
   * @param type how it is stored
   * @param shape its byte count equals that of {@code bytes}
   * @param bytes may lie in a mapped file and need not be aligned
   * @return a tensor of the current scope
   * @throws dev.heed.checkpoint.CheckpointException {@code UNSUPPORTED} when no tensor holds that
   *     type, {@code IO} when the file shrank
   */
  static Tensor read(String where, StorageType type, Shape shape, MemorySegment bytes) {
    BlockDecoder decoder = GgufType.of(type).flatMap(GgufType::decoder).orElse(null);
    if (decoder == null) {
      return TensorBytes.read(where, type, shape, bytes);
    }
    Tensor tensor = Tensor.empty(shape, DType.F32);
    try {
      decode(decoder, type, bytes, tensor.segment());
    } catch (InternalError e) {
      tensor.close();
      throw MappedFile.cutShort(where, e);
    }
    return tensor;
  }

  /** Whether the live engine reads numbers of this type and shape as they lie in a file. */
  static boolean staysStored(StorageType type, Shape shape) {
    int rank = shape.rank();
    boolean known = isPlain(type) || GgufType.of(type).flatMap(GgufType::decoder).isPresent();
    return StoredTensors.areSupported()
        && known
        && rank >= 2
        && shape.elements() > 0
        && shape.size(rank - 1) % type.block() == 0;
  }

  private static boolean isPlain(StorageType type) {
    return type == StorageType.F32 || type == StorageType.F16 || type == StorageType.BF16;
  }

  /**
   * A tensor over numbers that {@link #staysStored} said so of.
   *
   * @param bytes readable as long as the tensor is used
   */
  static Tensor stored(StorageType type, Shape shape, MemorySegment bytes) {
    if (isPlain(type)) {
      return StoredTensors.of(bytes, type.dtype().orElseThrow(), shape);
    }
    BlockDecoder decoder = GgufType.of(type).flatMap(GgufType::decoder).orElseThrow();
    BlockFormat format =
        new BlockFormat(
            type.name(),
            BlockFormat.Layout.of(type.name()),
            type.block(),
            type.bits() / 8,
            decoder::decode);
    return StoredTensors.of(bytes, format, shape);
  }

  /** Decodes blocks into as many floats. */
  static void decode(
      BlockDecoder decoder, StorageType type, MemorySegment bytes, MemorySegment floats) {
    int blockBytes = type.bits() / 8;
    long total = bytes.byteSize() / blockBytes;
    int most = (int) Math.min(total, CHUNK / blockBytes);
    byte[] blocks = new byte[most * blockBytes];
    float[] values = new float[most * type.block()];
    for (long done = 0; done < total; done += most) {
      int count = (int) Math.min(most, total - done);
      MemorySegment.copy(
          bytes, ValueLayout.JAVA_BYTE, done * blockBytes, blocks, 0, count * blockBytes);
      for (int i = 0; i < count; i++) {
        decoder.decode(blocks, i * blockBytes, values, i * type.block());
      }
      MemorySegment.copy(
          values,
          0,
          floats,
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          done * type.block() * Float.BYTES,
          count * type.block());
    }
  }
}
