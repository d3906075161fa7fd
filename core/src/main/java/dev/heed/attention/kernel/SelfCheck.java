package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/** A small attention by the vector kernel and by plain loops, compared. */
final class SelfCheck {
  private static final int QUERIES = 3;
  private static final int KEYS = 11;
  private static final int WIDTH = 5;
  private static final double TOLERANCE = 1e-5;

  private SelfCheck() {}

  static boolean agrees() {
    try (Arena arena = Arena.ofConfined()) {
      AttentionMask mask = (batch, head, query, key) -> key <= query && key % 3 != 1;
      Operand q = filled(arena, QUERIES, 1);
      Operand k = filled(arena, KEYS, 2);
      Operand v = filled(arena, KEYS, 3);
      Problem problem = new Problem(q, k, v, 1, mask, null, WeightDropout.NONE);
      Operand fast = filled(arena, QUERIES, 0);
      Operand slow = filled(arena, QUERIES, 0);
      Workers caller = new Workers(1);
      PlaneSchedules schedules =
          (batch, head) -> ScheduleBuilder.build(mask, batch, head, QUERIES, KEYS);
      new ForwardPass(problem, schedules, fast, null).compute(caller);
      new ScalarAttention(problem).forward(caller, slow, null);
      return close(fast, slow);
    }
  }

  private static Operand filled(Arena arena, int rows, int seed) {
    var memory = arena.allocate(ValueLayout.JAVA_FLOAT, (long) rows * WIDTH);
    for (int i = 0; i < rows * WIDTH; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(seed * (i + 1.0)));
    }
    return Operand.contiguous(memory, ElementFormat.F32, 1, 1, rows, WIDTH);
  }

  private static boolean close(Operand a, Operand b) {
    for (int row = 0; row < QUERIES; row++) {
      for (int column = 0; column < WIDTH; column++) {
        double difference = a.get(0, 0, row, column) - b.get(0, 0, row, column);
        if (!(Math.abs(difference) <= TOLERANCE)) {
          return false;
        }
      }
    }
    return true;
  }
}
