package dev.heed.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fused step, against its formula in double precision; by vectors and plainly the same. */
@Tag("unit")
class AdamStepTest {
  private static final int FROM = 5;

  private static final AdamStep STEP =
      new AdamStep(0.7, 0.9, 0.03, 0.999, 0.9, 0.98, 0.01, 1.3, 1e-8);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 16, 37, 131})
  void vectors_and_plain_loops_give_the_formula(int count) {
    try (Arena arena = Arena.ofConfined()) {
      AdamStep.Memory plain = memory(arena, count);
      AdamStep.Memory fast = memory(arena, count);
      AdamStep.Memory before = memory(arena, count);
      Kernels.scalar().adam(STEP, plain, FROM * Float.BYTES, count);
      Kernels.live().kernel().adam(STEP, fast, FROM * Float.BYTES, count);
      assertThat(floats(fast.values())).isEqualTo(floats(plain.values()));
      assertThat(floats(fast.means())).isEqualTo(floats(plain.means()));
      assertThat(floats(fast.squares())).isEqualTo(floats(plain.squares()));
      for (int i = 0; i < FROM + count + 1; i++) {
        double p = floats(before.values())[i];
        double m = floats(before.means())[i];
        double v = floats(before.squares())[i];
        if (i >= FROM && i < FROM + count) {
          double g = Math.clamp(0.7 * floats(before.gradients())[i], -0.9, 0.9) + 0.03 * p;
          m = 0.9 * m + 0.1 * g;
          v = 0.98 * v + 0.02 * g * g;
          p = 0.999 * p - 0.01 * m / (Math.sqrt(v) * 1.3 + 1e-8);
        }
        assertThat((double) floats(fast.values())[i]).isCloseTo(p, within(1e-6));
        assertThat((double) floats(fast.means())[i]).isCloseTo(m, within(1e-6));
        assertThat((double) floats(fast.squares())[i]).isCloseTo(v, within(1e-6));
      }
    }
  }

  private static AdamStep.Memory memory(Arena arena, int count) {
    Random random = new Random(count);
    MemorySegment[] of = new MemorySegment[4];
    for (int i = 0; i < of.length; i++) {
      of[i] = arena.allocate(ValueLayout.JAVA_FLOAT, FROM + count + 1);
      for (int j = 0; j < FROM + count + 1; j++) {
        double value = random.nextGaussian();
        of[i].setAtIndex(ValueLayout.JAVA_FLOAT, j, (float) (i == 3 ? value * value : value));
      }
    }
    return new AdamStep.Memory(of[0], of[1], of[2], of[3]);
  }

  private static float[] floats(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_FLOAT);
  }
}
