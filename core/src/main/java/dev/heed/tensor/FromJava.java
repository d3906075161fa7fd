package dev.heed.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.global.torch;

/** Tensors from arrays and memory segments. */
final class FromJava {
  /** What LibTorch tells when it no longer needs shared memory: reachable from here until then. */
  private static final Set<Shared> SHARED = ConcurrentHashMap.newKeySet();

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
    return Native.call(
        "ofSegment",
        () -> {
          Shared shared = new Shared(memory);
          SHARED.add(shared);
          return torch.from_blob(
              new Address(memory.address(), expected),
              shape.toArray(),
              shared,
              Conversions.options(dtype, Device.CPU),
              new org.bytedeco.pytorch.DeviceOptional());
        });
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

  /** A bare address for LibTorch; owns nothing. */
  private static final class Address extends Pointer {
    Address(long address, long bytes) {
      super((Pointer) null);
      this.address = address;
      this.limit = bytes;
      this.capacity = bytes;
    }
  }

  private static final class Shared extends PointerConsumer {
    private final MemorySegment memory;

    Shared(MemorySegment memory) {
      super();
      this.memory = memory;
    }

    @Override
    public void call(Pointer freed) {
      SHARED.remove(this);
      java.lang.ref.Reference.reachabilityFence(memory);
    }
  }
}
