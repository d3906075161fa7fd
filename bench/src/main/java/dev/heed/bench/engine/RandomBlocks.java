package dev.heed.bench.engine;

import dev.heed.checkpoint.StorageType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Random weights in the blocks of a file: any bits are numbers, but for the scales. */
final class RandomBlocks {
  private static final float SCALE = 0.002f;

  private RandomBlocks() {}

  /** So many numbers of about a hundredth. */
  static MemorySegment of(StorageType type, long count, Arena arena) {
    Random random = new Random(count);
    int size = type.bits() / 8;
    long blocks = count / type.block();
    MemorySegment bytes = arena.allocate(Math.multiplyExact(blocks, size), 64);
    for (long i = 0; i + Long.BYTES <= bytes.byteSize(); i += Long.BYTES) {
      bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, i, random.nextLong());
    }
    for (long block = 0; block < blocks; block++) {
      long at = block * size;
      switch (type) {
        case F32 -> bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, number(random));
        case F16 -> bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, half(number(random)));
        case BF16 ->
            bytes.set(
                ValueLayout.JAVA_SHORT_UNALIGNED,
                at,
                (short) (Float.floatToRawIntBits(number(random)) >>> Short.SIZE));
        case Q8_0 -> bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, half(SCALE / 16));
        case Q4_0 -> bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, half(SCALE));
        case Q4_K, Q5_K -> {
          bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, half(SCALE / 32));
          bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2, half(SCALE / 4));
        }
        case Q6_K -> bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 208, half(SCALE / 512));
        default -> throw new IllegalArgumentException(type.name());
      }
    }
    return bytes;
  }

  private static float number(Random random) {
    return (random.nextFloat() - 0.5f) * 16 * SCALE;
  }

  private static short half(float value) {
    return Float.floatToFloat16(value);
  }
}
