package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Turns ONNX's {@code int32_data} and {@code int64_data}, which are varints, into little-endian
 * elements.
 */
final class OnnxVarints {
  private OnnxVarints() {}

  /**
   * Decodes exactly as many values as the shape has.
   *
   * @param where for messages
   * @param info type and shape; at most one element a byte of {@code varints}
   * @param varints the packed field
   * @throws CheckpointException {@code SHAPE} when there are fewer or more values
   */
  static MemorySegment decode(String where, TensorInfo info, MemorySegment varints) {
    int width = info.type().bits() / 8;
    long elements = info.shape().elements();
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(elements * width)).order(ByteOrder.LITTLE_ENDIAN);
    WireReader in = new WireReader(varints);
    try {
      while (out.hasRemaining()) {
        put(out, width, in.varint());
      }
      if (!in.isAtEnd()) {
        throw mismatch(where, elements, "more", null);
      }
    } catch (IOException e) {
      throw mismatch(where, elements, "fewer", e);
    }
    return MemorySegment.ofBuffer(out.flip());
  }

  private static void put(ByteBuffer out, int width, long value) {
    switch (width) {
      case 1 -> out.put((byte) value);
      case 2 -> out.putShort((short) value);
      case 4 -> out.putInt((int) value);
      default -> out.putLong(value);
    }
  }

  private static CheckpointException mismatch(
      String where, long elements, String got, @org.jspecify.annotations.Nullable Exception cause) {
    CheckpointException error =
        new CheckpointException(
            Kind.SHAPE, where, elements + " values, as its shape says", got, OnnxGraph.REMEDY);
    if (cause != null) {
      error.initCause(cause);
    }
    return error;
  }
}
