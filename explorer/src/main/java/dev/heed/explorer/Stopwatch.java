package dev.heed.explorer;

import java.util.Arrays;
import java.util.List;

/**
 * Times several pieces of work one after another, round by round, so that what else the machine
 * does hits them alike.
 */
final class Stopwatch {
  private static final double NANOS = 1e9;

  private Stopwatch() {}

  /**
   * Seconds of each, the medians of the rounds; one round before them is not counted.
   *
   * @param before is told the number of every round, from 0; what it throws ends the measurement
   */
  static double[] medians(List<Runnable> work, int rounds, java.util.function.IntConsumer before) {
    double[][] seconds = new double[work.size()][rounds];
    for (int round = 0; round <= rounds; round++) {
      before.accept(round);
      for (int i = 0; i < work.size(); i++) {
        long begun = System.nanoTime();
        work.get(i).run();
        if (round > 0) {
          seconds[i][round - 1] = (System.nanoTime() - begun) / NANOS;
        }
      }
    }
    return Arrays.stream(seconds)
        .mapToDouble(all -> {
          Arrays.sort(all);
          return (all[(rounds - 1) / 2] + all[rounds / 2]) / 2;
        })
        .toArray();
  }
}
