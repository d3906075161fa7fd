package dev.heed.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Arrays and memory segments from tensors. */
final class ToJava {
  private ToJava() {}

  static float[] floats(Tensor tensor) {
    return read(tensor, DType.F32, segment -> segment.toArray(ValueLayout.JAVA_FLOAT));
  }

  static double[] doubles(Tensor tensor) {
    return read(tensor, DType.F64, segment -> segment.toArray(ValueLayout.JAVA_DOUBLE));
  }

  static long[] longs(Tensor tensor) {
    return read(tensor, DType.I64, segment -> segment.toArray(ValueLayout.JAVA_LONG));
  }

  static byte[] bytes(Tensor tensor) {
    return read(tensor, DType.U8, segment -> segment.toArray(ValueLayout.JAVA_BYTE));
  }

  static boolean[] booleans(Tensor tensor) {
    byte[] bytes = read(tensor, DType.BOOL, segment -> segment.toArray(ValueLayout.JAVA_BYTE));
    boolean[] values = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] != 0;
    }
    return values;
  }

  static MemorySegment segment(Tensor tensor) {
    if (!tensor.isContiguous() || !tensor.device().equals(Device.CPU)) {
      throw new TensorException(
          "segment: expected a contiguous tensor in main memory, got "
              + tensor.describe()
              + " on "
              + tensor.device()
              + "; call contiguous() or to(Device.CPU) first");
    }
    long bytes = tensor.elements() * tensor.dtype().bytes();
    return bytes == 0 ? MemorySegment.NULL : tensor.engine().memory(tensor, bytes);
  }

  static MemorySegment span(Tensor tensor) {
    if (!tensor.device().equals(Device.CPU)) {
      throw new TensorException(
          "span: expected a tensor in main memory, got "
              + tensor.describe()
              + " on "
              + tensor.device()
              + "; call to(Device.CPU) first");
    }
    if (tensor.elements() == 0) {
      return MemorySegment.NULL;
    }
    long last = 0;
    for (int dim = 0; dim < tensor.rank(); dim++) {
      last += (tensor.size(dim) - 1) * tensor.stride(dim);
    }
    return tensor.engine().memory(tensor, (last + 1) * tensor.dtype().bytes());
  }

  private static <T> T read(
      Tensor tensor, DType type, java.util.function.Function<MemorySegment, T> reader) {
    if (tensor.elements() * type.bytes() > Integer.MAX_VALUE * (long) type.bytes()) {
      throw new ShapeException(
          "an array holds at most "
              + Integer.MAX_VALUE
              + " elements, got "
              + tensor.describe()
              + "; read it in parts with narrow");
    }
    try (TensorScope scope = TensorScope.open()) {
      Tensor plain = tensor.detach().to(Device.CPU).to(type).contiguous();
      return reader.apply(segment(plain));
    }
  }
}
