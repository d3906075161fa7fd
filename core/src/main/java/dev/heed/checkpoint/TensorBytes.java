package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/** Moves a tensor's bytes between a file's memory and LibTorch's. */
public final class TensorBytes {
  private TensorBytes() {}

  /**
   * Copies bytes into a new tensor.
   *
   * @param where for messages
   * @param type element type as stored, little endian
   * @param shape its byte count equals that of {@code bytes}
   * @param bytes may lie in a mapped file and need not be aligned
   * @return a tensor of the current scope
   * @throws CheckpointException {@code UNSUPPORTED} when no tensor holds that type, {@code VALUE}
   *     for a truth value other than 0 and 1, {@code IO} when the file shrank
   */
  public static Tensor read(String where, StorageType type, Shape shape, MemorySegment bytes) {
    if (type.readable(where) == DType.BOOL) {
      requireTruthValues(where, bytes);
    }
    return read(
        where,
        type,
        shape,
        into -> {
          try {
            into.copyFrom(bytes);
          } catch (InternalError e) {
            throw MappedFile.cutShort(where, e);
          }
        });
  }

  /**
   * Fills a new tensor with numbers, whose every bit pattern is one.
   *
   * @param where for messages
   * @param type element type as stored, little endian
   * @param shape whose bytes fit in memory
   * @param filling writes the bytes into the tensor's memory; not called for a tensor of none
   * @return a tensor of the current scope
   * @throws CheckpointException {@code UNSUPPORTED} when no tensor holds that type
   */
  static Tensor read(String where, StorageType type, Shape shape, Consumer<MemorySegment> filling) {
    DType dtype = type.readable(where);
    Tensor tensor = Tensor.empty(shape, dtype);
    if (shape.elements() > 0) {
      try {
        filling.accept(tensor.segment());
      } catch (RuntimeException e) {
        tensor.close();
        throw e;
      }
    }
    return tensor;
  }

  // C++ leaves a bool that is neither 0 nor 1 undefined.
  private static void requireTruthValues(String where, MemorySegment bytes) {
    for (long i = 0; i < bytes.byteSize(); i++) {
      byte value = bytes.get(ValueLayout.JAVA_BYTE, i);
      if (value != 0 && value != 1) {
        throw new CheckpointException(
            Kind.VALUE,
            where,
            "truth values 0 and 1",
            (value & 0xff) + " at element " + i,
            "The file is damaged or hostile; get it again.");
      }
    }
  }
}
