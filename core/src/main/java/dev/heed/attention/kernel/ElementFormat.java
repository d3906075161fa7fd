package dev.heed.attention.kernel;

import dev.heed.tensor.DType;
import dev.heed.tensor.TensorException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How numbers lie in memory; Java computes with {@code float} or {@code double}. */
enum ElementFormat {
  F64(8) {
    @Override
    double read(MemorySegment memory, long at) {
      return memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
    }

    @Override
    void write(MemorySegment memory, long at, double value) {
      memory.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
    }
  },
  F32(4) {
    @Override
    double read(MemorySegment memory, long at) {
      return memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
    }

    @Override
    void write(MemorySegment memory, long at, double value) {
      memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) value);
    }
  },
  F16(2) {
    @Override
    double read(MemorySegment memory, long at) {
      return Float.float16ToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
    }

    @Override
    void write(MemorySegment memory, long at, double value) {
      memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16((float) value));
    }
  },
  BF16(2) {
    @Override
    double read(MemorySegment memory, long at) {
      return Float.intBitsToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) << Short.SIZE);
    }

    @Override
    void write(MemorySegment memory, long at, double value) {
      memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, toBf16((float) value));
    }
  };

  private final int bytes;

  ElementFormat(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The format of a type.
   *
   * @throws TensorException if it is not floating
   */
  static ElementFormat of(DType dtype) {
    return switch (dtype) {
      case F64 -> ElementFormat.F64;
      case F32 -> ElementFormat.F32;
      case F16 -> ElementFormat.F16;
      case BF16 -> ElementFormat.BF16;
      default ->
          throw new TensorException(
              "attention: expected f64, f32, f16 or bf16, got "
                  + dtype
                  + "; convert with to(DType.F32)");
    };
  }

  int bytes() {
    return bytes;
  }

  abstract double read(MemorySegment memory, long at);

  abstract void write(MemorySegment memory, long at, double value);

  /** The upper half of a float, rounded to nearest, ties to even; NaN stays NaN. */
  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> Short.SIZE) | 0x40);
    }
    int even = (bits >>> Short.SIZE) & 1;
    return (short) ((bits + 0x7fff + even) >>> Short.SIZE);
  }
}
