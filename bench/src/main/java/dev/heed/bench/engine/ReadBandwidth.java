package dev.heed.bench.engine;

import dev.heed.tensor.kernel.Workers;
import java.util.Arrays;

/** How many bytes a second threads read from main memory when they do nothing else. */
final class ReadBandwidth {
  private static final int LONGS = 1 << 25;
  private static final int ROUNDS = 8;

  /** Keeps sums from being left out. */
  private static volatile long seen;

  private final long[] memory = new long[LONGS];
  private final Workers workers;
  private final int threads;

  ReadBandwidth(int threads) {
    this.threads = threads;
    this.workers = new Workers(threads);
    Arrays.setAll(memory, i -> i);
  }

  /** Bytes that {@link #once} reads. */
  double bytes() {
    return 8.0 * (LONGS / threads) * threads;
  }

  /** Reads all. */
  void once() {
    int part = LONGS / threads;
    workers.run(threads, (t, w) -> seen = sum(memory, part * t, part * (t + 1)));
  }

  /** Bytes a second: the best of several rounds. */
  static double measure(int threads) {
    ReadBandwidth reading = new ReadBandwidth(threads);
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      reading.once();
      best = Math.min(best, System.nanoTime() - start);
    }
    reading.workers.stop();
    return 1e9 * reading.bytes() / best;
  }

  private static long sum(long[] memory, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += memory[i];
    }
    return sum;
  }
}
