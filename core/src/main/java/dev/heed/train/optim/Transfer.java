package dev.heed.train.optim;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Moves elements between a tensor's memory and doubles, rounding to the nearest on the way out. */
final class Transfer {
  private static final int BF16_SHIFT = 16;

  private final float[] floats = new float[Block.SIZE];
  private final short[] halves = new short[Block.SIZE];

  /** Where a contiguous tensor's elements lie. */
  record Memory(MemorySegment segment, DType dtype) {
    static Memory of(Tensor tensor) {
      return new Memory(tensor.segment(), tensor.dtype());
    }
  }

  /** Reads {@code count} elements from place {@code from} on. */
  void read(Memory memory, long from, int count, double[] into) {
    long offset = from * memory.dtype().bytes();
    switch (memory.dtype()) {
      case F64 ->
          MemorySegment.copy(memory.segment(), ValueLayout.JAVA_DOUBLE, offset, into, 0, count);
      case F32 -> {
        MemorySegment.copy(memory.segment(), ValueLayout.JAVA_FLOAT, offset, floats, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] = floats[i];
        }
      }
      case BF16 -> {
        MemorySegment.copy(memory.segment(), ValueLayout.JAVA_SHORT, offset, halves, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] = Float.intBitsToFloat(halves[i] << BF16_SHIFT);
        }
      }
      case F16 -> {
        MemorySegment.copy(memory.segment(), ValueLayout.JAVA_SHORT, offset, halves, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] = Float.float16ToFloat(halves[i]);
        }
      }
      default -> throw notFloating(memory.dtype());
    }
  }

  /** Writes {@code count} elements to place {@code from} on. */
  void write(double[] values, Memory memory, long from, int count) {
    long offset = from * memory.dtype().bytes();
    switch (memory.dtype()) {
      case F64 ->
          MemorySegment.copy(values, 0, memory.segment(), ValueLayout.JAVA_DOUBLE, offset, count);
      case F32 -> {
        for (int i = 0; i < count; i++) {
          floats[i] = (float) values[i];
        }
        MemorySegment.copy(floats, 0, memory.segment(), ValueLayout.JAVA_FLOAT, offset, count);
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          halves[i] = bf16((float) values[i]);
        }
        MemorySegment.copy(halves, 0, memory.segment(), ValueLayout.JAVA_SHORT, offset, count);
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          halves[i] = Float.floatToFloat16((float) values[i]);
        }
        MemorySegment.copy(halves, 0, memory.segment(), ValueLayout.JAVA_SHORT, offset, count);
      }
      default -> throw notFloating(memory.dtype());
    }
  }

  /** The upper half of a float, rounded to nearest, halves to even; NaN stays NaN. */
  private static short bf16(float value) {
    int bits = Float.floatToIntBits(value);
    int rounded = bits + 0x7fff + ((bits >>> BF16_SHIFT) & 1);
    return (short) ((Float.isNaN(value) ? bits : rounded) >>> BF16_SHIFT);
  }

  private static IllegalArgumentException notFloating(DType dtype) {
    return new IllegalArgumentException("expected floating-point elements, got " + dtype);
  }
}
