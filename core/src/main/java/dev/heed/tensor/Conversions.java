package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Every conversion between our values and LibTorch's. */
final class Conversions {
  private record Kind(DType dtype, Device device) {}

  private static final ConcurrentMap<Kind, TensorOptions> OPTIONS = new ConcurrentHashMap<>();

  static {
    Bootstrap.load();
  }

  private Conversions() {}

  /** Options are immutable here and few: made once and never freed. */
  static TensorOptions options(DType dtype, Device device) {
    return OPTIONS.computeIfAbsent(
        new Kind(dtype, device),
        kind ->
            new TensorOptions(scalarType(kind.dtype()))
                .device(new org.bytedeco.pytorch.DeviceOptional(device(kind.device()))));
  }

  static org.bytedeco.pytorch.Device device(Device device) {
    return new org.bytedeco.pytorch.Device(device.toString());
  }

  static Device device(org.bytedeco.pytorch.Tensor handle) {
    return Pinned.call(() -> {
      try (org.bytedeco.pytorch.Device device = handle.device()) {
        return device.is_cuda() ? Device.cuda(Math.max(0, device.index())) : Device.CPU;
      }
    });
  }

  static ScalarType scalarType(DType dtype) {
    return switch (dtype) {
      case F64 -> ScalarType.Double;
      case F32 -> ScalarType.Float;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case I64 -> ScalarType.Long;
      case I32 -> ScalarType.Int;
      case U8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
      case C64 -> ScalarType.ComplexFloat;
      case C128 -> ScalarType.ComplexDouble;
    };
  }

  static DType dtype(ScalarType type) {
    return switch (type) {
      case Double -> DType.F64;
      case Float -> DType.F32;
      case Half -> DType.F16;
      case BFloat16 -> DType.BF16;
      case Long -> DType.I64;
      case Int -> DType.I32;
      case Byte -> DType.U8;
      case Bool -> DType.BOOL;
      case ComplexFloat -> DType.C64;
      case ComplexDouble -> DType.C128;
      default -> throw new TensorException("element type " + type + " has no DType");
    };
  }

  static Shape shape(org.bytedeco.pytorch.Tensor handle) {
    long[] sizes = new long[Math.toIntExact(handle.dim())];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = handle.size(i);
    }
    return Shape.of(sizes);
  }

  /** An integral scalar keeps an integral tensor's type; a fractional one promotes it. */
  static Scalar scalar(double value, DType beside) {
    return beside.isFloating() || beside.isComplex() || value != Math.rint(value)
        ? new Scalar(value)
        : new Scalar((long) value);
  }

  static TensorVector vector(List<Tensor> tensors) {
    TensorVector vector = new TensorVector(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      vector.put(i, tensors.get(i).handle());
    }
    return vector;
  }

  static List<Tensor> list(TensorVector vector) {
    List<Tensor> tensors = new ArrayList<>();
    for (long i = 0; i < vector.size(); i++) {
      // get() is a reference into the vector: the copy is a handle of its own.
      tensors.add(Tensor.wrap(new org.bytedeco.pytorch.Tensor(vector.get(i))));
    }
    return tensors;
  }
}
