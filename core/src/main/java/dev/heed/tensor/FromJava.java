package dev.heed.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Tensors from arrays and memory segments. */
final class FromJava {
  private FromJava() {}

  static Tensor copy(MemorySegment source, DType dtype, long count, long... sizes) {
    Shape shape = shapeFor(count, sizes);
    Tensor tensor = Tensor.empty(shape, dtype);
    if (count > 0) {
      ToJava.segment(tensor).copyFrom(source);
    }
    return tensor;
  }

  static Tensor copy(boolean[] values, long... sizes) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return copy(MemorySegment.ofArray(bytes), DType.BOOL, values.length, sizes);
  }

  static Tensor share(MemorySegment memory, DType dtype, Shape shape) {
    long expected = Math.multiplyExact(shape.elements(), dtype.bytes());
    if (memory.byteSize() != expected) {
      throw new ShapeException(
          "memory for "
              + dtype
              + shape
              + ": expected "
              + expected
              + " bytes, got "
              + memory.byteSize());
    }
    if (!memory.isNative() || memory.address() % dtype.bytes() != 0 || expected == 0) {
      Tensor tensor = Tensor.empty(shape, dtype);
      ToJava.segment(tensor).copyFrom(memory);
      return tensor;
    }
    return Engine.live().share(memory, dtype, shape);
  }

  private static Shape shapeFor(long count, long... sizes) {
    Shape shape = sizes.length == 0 ? Shape.of(count) : Shape.of(sizes);
    if (shape.elements() != count) {
      throw new ShapeException(
          "values for shape "
              + Arrays.toString(sizes)
              + ": expected "
              + shape.elements()
              + " of them, got "
              + count);
    }
    return shape;
  }
}
