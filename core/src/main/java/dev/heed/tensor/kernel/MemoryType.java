package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What weights are stored as that {@link FloatKernel#tilesInMemory} multiplies as they lie. */
public enum MemoryType {
  /** Floats. */
  F32 {
    @Override
    float number(MemorySegment w, long row, int place) {
      return w.get(ValueLayout.JAVA_FLOAT_UNALIGNED, row + 4L * place);
    }
  },
  /** The upper halves of floats. */
  BF16 {
    @Override
    float number(MemorySegment w, long row, int place) {
      short bits = w.get(ValueLayout.JAVA_SHORT_UNALIGNED, row + 2L * place);
      return Float.intBitsToFloat(bits << Short.SIZE);
    }
  },
  /** {@link BlockFormat.Layout#Q8_0}. */
  Q8_0 {
    @Override
    float number(MemorySegment w, long row, int place) {
      long block = row + place / 32 * 34L;
      float scale = Float.float16ToFloat(w.get(ValueLayout.JAVA_SHORT_UNALIGNED, block));
      return scale * w.get(ValueLayout.JAVA_BYTE, block + 2 + place % 32);
    }
  };

  /**
   * One of a row's numbers.
   *
   * @param row where the row begins, in bytes
   */
  abstract float number(MemorySegment w, long row, int place);
}
