package dev.heed.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Vectors that are wrong, or slower than plain loops, are left. */
@Tag("unit")
class LayoutWatchTest {
  private static final int DEPTH = 64;
  private static final int ROWS = 4;
  private static final int CALLS = 12_000;

  private final BlockKernel plain = new ScalarBlocks();
  private final Buffers buffers = Buffers.of(new Workspace());

  /** Looks as often as it takes, in products with ones. */
  private boolean leaves(BlockProducts vectors, int calls) {
    Kernels before = Kernels.live();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment w = arena.allocate(2L * DEPTH * ROWS, 64);
      for (int i = 0; i < DEPTH * ROWS; i++) {
        w.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) 0x3f80);
      }
      float[] x = new float[DEPTH];
      java.util.Arrays.fill(x, 0.5f);
      LayoutWatch watch = new LayoutWatch(plain);
      for (int i = 0; i < calls; i++) {
        watch.look(
            vectors, BlockFormat.BF16, x, new float[2], w, 0, 2 * DEPTH, DEPTH, ROWS, buffers);
      }
      return watch.isLeft();
    } finally {
      Kernels.take(before);
    }
  }

  @Test
  void right_vectors_stay() {
    assertThat(leaves(plain::dots, 1)).isFalse();
  }

  @Test
  void wrong_vectors_are_left_at_once() {
    BlockProducts wrong =
        (format, x, sums, w, at, rowBytes, depth, out, to, rows, scratch) -> {
          plain.dots(format, x, sums, w, at, rowBytes, depth, out, to, rows, scratch);
          out[to + 1] += 1;
        };
    assertThat(leaves(wrong, 1)).isTrue();
  }

  @Test
  void slow_vectors_are_left_in_time() {
    BlockProducts slow =
        (format, x, sums, w, at, rowBytes, depth, out, to, rows, scratch) -> {
          for (int i = 0; i < 1_000; i++) {
            plain.dots(format, x, sums, w, at, rowBytes, depth, out, to, rows, scratch);
          }
        };
    assertThat(leaves(slow, CALLS - 1)).isFalse();
    assertThat(leaves(slow, CALLS)).isTrue();
  }
}
