package dev.heed.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors that are wrong, or slower than plain loops, are left, and it is told. */
@Tag("unit")
class LoopWatchTest {
  private static final int DEPTH = 64;
  private static final int ROWS = 4;
  private static final int CALLS = 12_000;

  private final Kernels before = Kernels.live();

  @AfterEach
  void restore() {
    Kernels.take(before);
  }

  /** Looks as often as it takes. */
  private static boolean leaves(LoopWatch.Results vectors, int calls) {
    LoopWatch watch = new LoopWatch("ones are written");
    for (int i = 0; i < calls; i++) {
      if (watch.isDue()) {
        watch.look(ROWS, vectors, LoopWatchTest::ones, LoopWatchTest::ones);
      }
    }
    return watch.isLeft();
  }

  private static void ones(float[] out) {
    Arrays.fill(out, 1);
  }

  @Test
  void right_vectors_stay() {
    assertThat(leaves(LoopWatchTest::ones, 1)).isFalse();
    assertThat(Kernels.live()).isSameAs(before);
  }

  @Test
  void wrong_vectors_are_left_at_once() {
    assertThat(
            leaves(
                out -> {
                  ones(out);
                  out[1] += 0.001f;
                },
                1))
        .isTrue();
    assertThat(Kernels.live().reason())
        .endsWith("; ones are written by plain loops, since the vectors disagreed with them");
  }

  @Test
  void slow_vectors_are_left_in_time() {
    LoopWatch.Results slow =
        out -> {
          for (int i = 0; i < 20_000; i++) {
            out[i % ROWS] = (float) Math.cbrt(i);
          }
          ones(out);
        };
    assertThat(leaves(slow, CALLS - 1)).isFalse();
    assertThat(leaves(slow, CALLS)).isTrue();
    assertThat(Kernels.live().reason()).contains("the JIT compiler puts the vectors into objects");
  }

  /** Plain loops, one of which adds something to its first result. */
  private static FloatKernel wrongIn(String loop) {
    return (FloatKernel)
        Proxy.newProxyInstance(
            LoopWatchTest.class.getClassLoader(),
            new Class<?>[] {FloatKernel.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(Kernels.scalar(), arguments);
              if (method.getName().equals(loop)) {
                int to = loop.equals("tilesInMemory") ? 7 : 5;
                ((float[]) arguments[to])[(Integer) arguments[to + 1]] += 1;
              }
              return result;
            });
  }

  private static float[] result(Consumer<float[]> loop) {
    float[] out = new float[FloatKernel.PANEL];
    loop.accept(out);
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dots", "dotsBf16", "rowProduct", "rowProductBf16", "tiles", "tilesInMemory"})
  void each_loop_over_rows_is_left_for_its_twin(String wrong) {
    float[] x = new float[DEPTH * FloatKernel.PANEL];
    Arrays.fill(x, 0.5f);
    short[] halves = new short[DEPTH * FloatKernel.PANEL];
    Arrays.fill(halves, (short) 0x3f00);
    float[] sums = new float[FloatKernel.TILE_SUMS];
    FloatKernel plain = Kernels.scalar();
    FloatKernel kernel = new WatchedKernel(wrongIn(wrong), plain);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment w = arena.allocate(4L * DEPTH * ROWS, 64);
      for (int i = 0; i < DEPTH * ROWS; i++) {
        w.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) 0x3f80);
        w.setAtIndex(ValueLayout.JAVA_SHORT, DEPTH * ROWS + i, (short) 0x3f80);
      }
      for (FloatKernel each : new FloatKernel[] {plain, kernel}) {
        float[][] results = {
          result(c -> each.dots(x, w, 0, 4 * DEPTH, DEPTH, c, 1, ROWS)),
          result(c -> each.dotsBf16(x, w, 0, 2 * DEPTH, DEPTH, c, 1, ROWS)),
          result(c -> each.rowProduct(DEPTH, x, 0, x, 0, c, 0, false)),
          result(c -> each.rowProductBf16(DEPTH, x, 0, halves, 0, c, 0, false)),
          result(c -> each.tiles(ROWS, ROWS, DEPTH, x, x, c, 1, ROWS, sums)),
          result(c ->
              each.tilesInMemory(
                  ROWS, DEPTH, x, w, 0, 2 * DEPTH, MemoryType.BF16, c, 1, ROWS, 1, sums))
        };
        assertThat(results[1][ROWS]).isEqualTo(DEPTH / 2f);
        for (float[] panel : new float[][] {results[2], results[3]}) {
          assertThat(panel).containsOnly(DEPTH / 4f);
        }
        assertThat(Arrays.copyOfRange(results[4], 1, 1 + ROWS * ROWS)).containsOnly(DEPTH / 4f);
        assertThat(Arrays.copyOfRange(results[5], 1, 1 + ROWS * ROWS)).containsOnly(DEPTH / 2f);
        assertThat(results[0][1]).isEqualTo(results[0][2]);
      }
    }
    assertThat(Kernels.live().reason()).contains("by plain loops, since the vectors disagreed");
  }
}
