package dev.heed.bench.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How many bytes a second threads read from main memory when they do nothing else. */
final class ReadBandwidth {
  private static final int LONGS = 1 << 25;
  private static final int ROUNDS = 8;

  /** Keeps sums from being left out. */
  private static volatile long seen;

  private ReadBandwidth() {}

  /** Bytes a second: the best of several rounds over 256 MB. */
  static double measure(int threads) {
    long[] memory = new long[LONGS];
    Arrays.setAll(memory, i -> i);
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      Thread[] readers =
          IntStream.range(0, threads)
              .mapToObj(t ->
                  Thread.ofPlatform()
                      .start(
                          () -> seen = sum(memory, LONGS / threads * t, LONGS / threads * (t + 1))))
              .toArray(Thread[]::new);
      for (Thread reader : readers) {
        join(reader);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    return 8e9 * (LONGS / threads * threads) / best;
  }

  private static long sum(long[] memory, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += memory[i];
    }
    return sum;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
