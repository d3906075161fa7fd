package dev.heed.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.heed.tensor.kernel.Buffers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Rows of elements between memory and arrays, and single ones; whatever their type. */
final class Elements {
  /** What Java computes a type's elements in. */
  enum Precision {
    FLOAT,
    DOUBLE,
    LONG;

    static Precision of(DType type) {
      return switch (type) {
        case F32, F16, BF16 -> FLOAT;
        case F64 -> DOUBLE;
        case I64, I32, U8, BOOL -> LONG;
        case C64, C128 ->
            throw new TensorException(
                "complex numbers: the Java engine has none; " + EngineChoice.LIBTORCH_REMEDY);
      };
    }
  }

  private Elements() {}

  /** Reads {@code count} elements from {@code at} on, {@code step} apart. */
  static void load(MemorySegment m, DType type, long at, long step, float[] into, int count) {
    load(m, type, at, step, into, 0, count);
  }

  /** As the other {@code load}, into an array from {@code to} on. */
  static void load(
      MemorySegment m, DType type, long at, long step, float[] into, int to, int count) {
    if (step == 0) {
      Arrays.fill(into, to, to + count, (float) get(m, type, at));
      return;
    }
    switch (type) {
      case F32 -> {
        if (step == 1) {
          MemorySegment.copy(m, JAVA_FLOAT_UNALIGNED, 4 * at, into, to, count);
        } else {
          for (int i = 0; i < count; i++) {
            into[to + i] = m.get(JAVA_FLOAT_UNALIGNED, 4 * (at + i * step));
          }
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          into[to + i] =
              Float.intBitsToFloat(m.get(JAVA_SHORT_UNALIGNED, 2 * (at + i * step)) << Short.SIZE);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          into[to + i] = Float.float16ToFloat(m.get(JAVA_SHORT_UNALIGNED, 2 * (at + i * step)));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          into[to + i] = (float) get(m, type, at + i * step);
        }
      }
    }
  }

  /** As the other {@code load}. */
  static void load(MemorySegment m, DType type, long at, long step, double[] into, int count) {
    if (type == DType.F64 && step == 1) {
      MemorySegment.copy(m, JAVA_DOUBLE_UNALIGNED, 8 * at, into, 0, count);
    } else if (type == DType.F32) {
      for (int i = 0; i < count; i++) {
        into[i] = m.get(JAVA_FLOAT_UNALIGNED, 4 * (at + i * step));
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[i] = get(m, type, at + i * step);
      }
    }
  }

  /** As the other {@code load}; fractions are cut off. */
  static void load(MemorySegment m, DType type, long at, long step, long[] into, int count) {
    if (type == DType.I64 && step == 1) {
      MemorySegment.copy(m, JAVA_LONG_UNALIGNED, 8 * at, into, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        into[i] = getLong(m, type, at + i * step);
      }
    }
  }

  /** Writes what {@code load} reads. */
  static void store(float[] from, MemorySegment m, DType type, long at, long step, int count) {
    store(from, 0, m, type, at, step, count);
  }

  /** As the other {@code store}, out of an array from {@code first} on. */
  static void store(
      float[] from, int first, MemorySegment m, DType type, long at, long step, int count) {
    switch (type) {
      case F32 -> {
        if (step == 1) {
          MemorySegment.copy(from, first, m, JAVA_FLOAT_UNALIGNED, 4 * at, count);
        } else {
          for (int i = 0; i < count; i++) {
            m.set(JAVA_FLOAT_UNALIGNED, 4 * (at + i * step), from[first + i]);
          }
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          m.set(JAVA_SHORT_UNALIGNED, 2 * (at + i * step), bf16(from[first + i]));
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          m.set(JAVA_SHORT_UNALIGNED, 2 * (at + i * step), Float.floatToFloat16(from[first + i]));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          set(m, type, at + i * step, from[first + i]);
        }
      }
    }
  }

  /** Writes what {@code load} reads. */
  static void store(double[] from, MemorySegment m, DType type, long at, long step, int count) {
    if (type == DType.F64 && step == 1) {
      MemorySegment.copy(from, 0, m, JAVA_DOUBLE_UNALIGNED, 8 * at, count);
    } else {
      for (int i = 0; i < count; i++) {
        set(m, type, at + i * step, from[i]);
      }
    }
  }

  /** Writes what {@code load} reads. */
  static void store(long[] from, MemorySegment m, DType type, long at, long step, int count) {
    if (type == DType.I64 && step == 1) {
      MemorySegment.copy(from, 0, m, JAVA_LONG_UNALIGNED, 8 * at, count);
    } else {
      for (int i = 0; i < count; i++) {
        setLong(m, type, at + i * step, from[i]);
      }
    }
  }

  static double get(MemorySegment m, DType type, long at) {
    return switch (type) {
      case F64 -> m.get(JAVA_DOUBLE_UNALIGNED, 8 * at);
      case F32 -> m.get(JAVA_FLOAT_UNALIGNED, 4 * at);
      case F16 -> Float.float16ToFloat(m.get(JAVA_SHORT_UNALIGNED, 2 * at));
      case BF16 -> Float.intBitsToFloat(m.get(JAVA_SHORT_UNALIGNED, 2 * at) << Short.SIZE);
      default -> getLong(m, type, at);
    };
  }

  static long getLong(MemorySegment m, DType type, long at) {
    return switch (type) {
      case I64 -> m.get(JAVA_LONG_UNALIGNED, 8 * at);
      case I32 -> m.get(JAVA_INT_UNALIGNED, 4 * at);
      case U8, BOOL -> m.get(JAVA_BYTE, at) & 0xff;
      default -> (long) get(m, type, at);
    };
  }

  static void set(MemorySegment m, DType type, long at, double value) {
    switch (type) {
      case F64 -> m.set(JAVA_DOUBLE_UNALIGNED, 8 * at, value);
      case F32 -> m.set(JAVA_FLOAT_UNALIGNED, 4 * at, (float) value);
      case F16 -> m.set(JAVA_SHORT_UNALIGNED, 2 * at, Float.floatToFloat16((float) value));
      case BF16 -> m.set(JAVA_SHORT_UNALIGNED, 2 * at, bf16((float) value));
      case BOOL -> m.set(JAVA_BYTE, at, (byte) (value != 0 ? 1 : 0));
      default -> setLong(m, type, at, (long) value);
    }
  }

  static void setLong(MemorySegment m, DType type, long at, long value) {
    switch (type) {
      case I64 -> m.set(JAVA_LONG_UNALIGNED, 8 * at, value);
      case I32 -> m.set(JAVA_INT_UNALIGNED, 4 * at, (int) value);
      case U8 -> m.set(JAVA_BYTE, at, (byte) value);
      case BOOL -> m.set(JAVA_BYTE, at, (byte) (value != 0 ? 1 : 0));
      default -> set(m, type, at, value);
    }
  }

  /** Copies one element of so many bytes. */
  static void move(MemorySegment from, long at, MemorySegment into, long to, int bytes) {
    switch (bytes) {
      case 1 -> into.set(JAVA_BYTE, to, from.get(JAVA_BYTE, at));
      case 2 -> into.set(JAVA_SHORT_UNALIGNED, 2 * to, from.get(JAVA_SHORT_UNALIGNED, 2 * at));
      case 4 -> into.set(JAVA_INT_UNALIGNED, 4 * to, from.get(JAVA_INT_UNALIGNED, 4 * at));
      default -> into.set(JAVA_LONG_UNALIGNED, 8 * to, from.get(JAVA_LONG_UNALIGNED, 8 * at));
    }
  }

  /** Copies, converting the elements; the source broadcasts to the target. */
  static void copy(String operation, Strided from, Strided to) {
    long[] strides = from.stridesFor(operation, to.sizes());
    Walk walk =
        new Walk(to.sizes(), new long[] {from.offset(), to.offset()}, strides, to.strides());
    MemorySegment a = from.data();
    MemorySegment b = to.data();
    long s = walk.step(0);
    long t = walk.step(1);
    int bytes = to.type().bytes();
    if (from.type() == to.type()) {
      walk.run((at, n, w) -> {
        if (s == 1 && t == 1) {
          MemorySegment.copy(a, at[0] * bytes, b, at[1] * bytes, (long) n * bytes);
        } else {
          for (int i = 0; i < n; i++) {
            move(a, at[0] + i * s, b, at[1] + i * t, bytes);
          }
        }
      });
      return;
    }
    switch (between(from.type(), to.type())) {
      case FLOAT ->
          walk.run((at, n, w) -> {
            float[] row = Buffers.of(w).floats(0, Walk.ROW);
            load(a, from.type(), at[0], s, row, n);
            store(row, b, to.type(), at[1], t, n);
          });
      case DOUBLE ->
          walk.run((at, n, w) -> {
            double[] row = Buffers.of(w).doubles(0, Walk.ROW);
            load(a, from.type(), at[0], s, row, n);
            store(row, b, to.type(), at[1], t, n);
          });
      case LONG ->
          walk.run((at, n, w) -> {
            long[] row = Buffers.of(w).longs(0, Walk.ROW);
            load(a, from.type(), at[0], s, row, n);
            store(row, b, to.type(), at[1], t, n);
          });
    }
  }

  /** What holds the elements of both types. */
  private static Precision between(DType a, DType b) {
    Precision one = Precision.of(a);
    return one == Precision.of(b) ? one : Precision.DOUBLE;
  }

  /** A float as it is after it was kept in a type of half precision; itself for others. */
  static float rounded(float value, DType type) {
    return switch (type) {
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
      case BF16 -> Float.intBitsToFloat(bf16(value) << Short.SIZE);
      default -> value;
    };
  }

  /** The upper half of a float, rounded to nearest, ties to even; NaN stays NaN. */
  static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> Short.SIZE) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> Short.SIZE) & 1)) >>> Short.SIZE);
  }
}
