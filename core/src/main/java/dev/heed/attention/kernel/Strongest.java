package dev.heed.attention.kernel;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The places of the largest values. */
final class Strongest {
  private Strongest() {}

  /** The places of the {@code count} largest, largest first, equal ones by place. */
  static int[] of(double[] values, int count) {
    Comparator<Integer> weaker =
        Comparator.<Integer>comparingDouble(place -> values[place])
            .thenComparing(Comparator.reverseOrder());
    PriorityQueue<Integer> best = new PriorityQueue<>(count + 1, weaker);
    for (int place = 0; place < values.length; place++) {
      best.add(place);
      if (best.size() > count) {
        best.poll();
      }
    }
    int[] order = new int[count];
    for (int i = count - 1; i >= 0; i--) {
      order[i] = best.poll();
    }
    return order;
  }
}
