package dev.heed.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Tensors in LibTorch's memory. */
interface LibTorchMemory extends MemoryOperators {
  @Override
  default Tensor empty(Shape shape, DType dtype) {
    return Native.call(
        "empty", () -> torch.empty(shape.toArray(), options(dtype), new MemoryFormatOptional()));
  }

  @Override
  default Tensor full(Shape shape, double value, DType dtype) {
    return Native.call(
        "full",
        () -> {
          try (Scalar scalar = Conversions.scalar(value, dtype)) {
            return torch.full(shape.toArray(), scalar, options(dtype));
          }
        });
  }

  @Override
  default Tensor arange(long end, DType dtype) {
    return Native.call(
        "arange",
        () -> {
          try (Scalar scalar = new Scalar(end)) {
            return torch.arange(scalar, options(dtype));
          }
        });
  }

  @Override
  default Tensor eye(long n, DType dtype) {
    return Native.call("eye", () -> torch.eye(n, options(dtype)));
  }

  private static TensorOptions options(DType dtype) {
    return Conversions.options(dtype, Device.CPU);
  }

  @Override
  default Tensor share(MemorySegment memory, DType dtype, Shape shape) {
    return Native.call(
        "ofSegment",
        () -> {
          Shared shared = new Shared(memory);
          Shared.NEEDED.add(shared);
          return torch.from_blob(
              new Address(memory.address(), memory.byteSize()),
              shape.toArray(),
              shared,
              options(dtype),
              new DeviceOptional());
        });
  }

  @Override
  default Shape shape(Tensor x) {
    return Conversions.shape(x.handle());
  }

  @Override
  default DType dtype(Tensor x) {
    return Conversions.dtype(x.handle().scalar_type().intern());
  }

  @Override
  default Device device(Tensor x) {
    return Conversions.device(x.handle());
  }

  @Override
  default boolean isContiguous(Tensor x) {
    return x.handle().is_contiguous();
  }

  @Override
  default long stride(Tensor x, int dim) {
    return x.handle().stride(dim);
  }

  @Override
  default MemorySegment memory(Tensor x, long bytes) {
    try (Pointer data = x.handle().data_ptr()) {
      return MemorySegment.ofAddress(data.address()).reinterpret(bytes);
    }
  }

  @Override
  default double item(Tensor x) {
    return x.handle().item_double();
  }

  @Override
  default long itemLong(Tensor x) {
    return x.handle().item_long();
  }

  @Override
  default Tensor to(Tensor x, DType type) {
    return Native.op("to " + type, x, h -> h.to(Conversions.scalarType(type)));
  }

  @Override
  default Tensor to(Tensor x, Device device) {
    return Native.op(
        "to " + device,
        x,
        h -> {
          try (org.bytedeco.pytorch.Device target = Conversions.device(device)) {
            return h.to(target, h.scalar_type());
          }
        });
  }

  @Override
  default Tensor contiguous(Tensor x) {
    return Native.op("contiguous", x, h -> h.contiguous());
  }

  @Override
  default Tensor copy(Tensor x) {
    return Native.op("copy", x, h -> h.clone());
  }

  @Override
  default Tensor detach(Tensor x) {
    return Native.op("detach", x, h -> h.detach());
  }

  @Override
  default Tensor alias(Tensor x) {
    return Native.op("alias", x, h -> new org.bytedeco.pytorch.Tensor(h));
  }

  @Override
  default long changesInPlace(Tensor x) {
    return x.handle().is_inference() ? -1 : x.handle()._version();
  }

  @Override
  default Tensor assign(Tensor x, Tensor values) {
    return Native.inPlace("assign", x, values, () -> x.handle().copy_(values.handle()));
  }

  @Override
  default Tensor addInPlace(Tensor x, Tensor other, double factor) {
    return Native.inPlace(
        "addInPlace",
        x,
        other,
        () -> {
          try (Scalar scalar = Conversions.scalar(factor, x.dtype())) {
            return x.handle().add_(other.handle(), scalar);
          }
        });
  }

  @Override
  default Tensor mulInPlace(Tensor x, double factor) {
    return Native.inPlace(
        "mulInPlace",
        x,
        x,
        () -> {
          try (Scalar scalar = Conversions.scalar(factor, x.dtype())) {
            return x.handle().mul_(scalar);
          }
        });
  }

  @Override
  default Tensor fill(Tensor x, double value) {
    return Native.inPlace(
        "fill",
        x,
        x,
        () -> {
          try (Scalar scalar = Conversions.scalar(value, x.dtype())) {
            return x.handle().fill_(scalar);
          }
        });
  }

  @Override
  default void free(Object body) {
    Pinned.close((Pointer) body);
  }

  /** A bare address for LibTorch; owns nothing. */
  final class Address extends Pointer {
    Address(long address, long bytes) {
      super((Pointer) null);
      this.address = address;
      this.limit = bytes;
      this.capacity = bytes;
    }
  }

  /** What LibTorch tells when it no longer needs shared memory. */
  final class Shared extends PointerConsumer {
    /** Reachable from here until then. */
    private static final Set<Shared> NEEDED = ConcurrentHashMap.newKeySet();

    private final MemorySegment memory;

    Shared(MemorySegment memory) {
      super();
      this.memory = memory;
    }

    @Override
    public void call(Pointer freed) {
      NEEDED.remove(this);
      java.lang.ref.Reference.reachabilityFence(memory);
    }
  }
}
