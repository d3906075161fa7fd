package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * A tensor to be written to a GGUF file.
 *
 * @param name as the file is to name it
 * @param type how it is stored
 * @param shape sizes, outermost first
 * @param bytes writes its bytes when its turn comes, so that no more than one tensor is held
 */
public record GgufTensor(String name, StorageType type, Shape shape, Bytes bytes) {
  private static final int CHUNK = 4096;
  private static final float LARGEST_HALF = 65_504;

  /** Writes a tensor's bytes. */
  @FunctionalInterface
  public interface Bytes {
    /** Writes all of them. */
    void write(Sink sink) throws IOException;
  }

  /** Where bytes go. */
  @FunctionalInterface
  public interface Sink {
    /** Writes what the buffer has left. */
    void write(ByteBuffer bytes) throws IOException;
  }

  /**
   * A tensor whose values are encoded as they are written.
   *
   * @param type one of {@code F32}, {@code F16}, {@code BF16}, {@code Q8_0}, {@code Q4_0}
   * @param values gives the tensor, in a scope of its own
   * @throws CheckpointException {@code UNSUPPORTED} for another type, {@code SHAPE} when rows are
   *     not whole blocks; while writing, {@code VALUE} for a number that the type cannot hold
   */
  public static GgufTensor encoded(
      String name, StorageType type, Shape shape, Supplier<Tensor> values) {
    String where = "tensor " + Quoted.of(name);
    BlockEncoder encoder =
        GgufType.of(type)
            .flatMap(GgufType::encoder)
            .orElseThrow(() ->
                new CheckpointException(
                    Kind.UNSUPPORTED,
                    where,
                    "one of F32, F16, BF16, Q8_0, Q4_0 to write",
                    type.name(),
                    "Choose one of these."));
    long expected = TensorInfo.bytesOf(where, type, shape.toArray());
    return new GgufTensor(
        name,
        type,
        shape,
        sink -> {
          try (TensorScope scope = TensorScope.open()) {
            Tensor floats = values.get().to(DType.F32).contiguous();
            encode(where, encoder, type, floats.segment(), expected, sink);
          }
        });
  }

  /**
   * A tensor whose bytes are stored as the file is to hold them.
   *
   * @param stored row-major, little endian, blocks as stored; must stay valid until written
   */
  public static GgufTensor stored(
      String name, StorageType type, Shape shape, MemorySegment stored) {
    return new GgufTensor(
        name,
        type,
        shape,
        sink -> {
          for (long at = 0; at < stored.byteSize(); at += 1 << 30) {
            long length = Math.min(1 << 30, stored.byteSize() - at);
            sink.write(stored.asSlice(at, length).asByteBuffer());
          }
        });
  }

  private static void encode(
      String where,
      BlockEncoder encoder,
      StorageType type,
      MemorySegment floats,
      long bytes,
      Sink sink)
      throws IOException {
    int blockBytes = type.bits() / 8;
    float[] values = new float[CHUNK];
    byte[] encoded = new byte[CHUNK / type.block() * blockBytes];
    long total = bytes / blockBytes * type.block();
    for (long done = 0; done < total; done += CHUNK) {
      int count = (int) Math.min(CHUNK, total - done);
      MemorySegment.copy(
          floats, ValueLayout.JAVA_FLOAT_UNALIGNED, done * Float.BYTES, values, 0, count);
      if (type != StorageType.F32) {
        requireInRange(where, type, values, count);
      }
      int blocks = count / type.block();
      for (int i = 0; i < blocks; i++) {
        encoder.encode(values, i * type.block(), encoded, i * blockBytes);
      }
      sink.write(ByteBuffer.wrap(encoded, 0, blocks * blockBytes));
    }
  }

  private static void requireInRange(String where, StorageType type, float[] values, int count) {
    // A block's scale is a half: at most 127 or 8 steps of it make the largest value.
    float largest =
        switch (type) {
          case F16 -> LARGEST_HALF;
          case Q8_0 -> LARGEST_HALF * 127;
          case Q4_0 -> LARGEST_HALF * 8;
          default -> Float.MAX_VALUE;
        };
    for (int i = 0; i < count; i++) {
      if (!(Math.abs(values[i]) <= largest)) {
        throw new CheckpointException(
            Kind.VALUE,
            where,
            "numbers within ±" + largest + ", which " + type + " can hold",
            values[i] + "",
            "Write it as F32.");
      }
    }
  }
}
