package dev.heed.bench.attention;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Times contestants in turn, A B A B, so that whatever else the machine does meets all of them
 * alike.
 */
public final class Interleaved {
  private static final int MOST_RUNS = 200;
  private static final int FEWEST_RUNS = 5;
  private static final double SLOW_MILLISECONDS = 4_000;

  private final double warmUpSeconds;
  private final double seconds;
  private final int fewestRuns;
  private final double slowMilliseconds;
  private final Duration pause;

  /** Warms up and measures for so long, all contestants together, five runs at least. */
  public Interleaved(double warmUpSeconds, double seconds) {
    this(warmUpSeconds, seconds, FEWEST_RUNS, SLOW_MILLISECONDS, Duration.ZERO);
  }

  /**
   * Warms up and measures for so long, all contestants together.
   *
   * @param fewestRuns of each contestant, also where the time is over
   * @param slowMilliseconds from which on a run is taken once and not repeated
   */
  public Interleaved(
      double warmUpSeconds, double seconds, int fewestRuns, double slowMilliseconds) {
    this(warmUpSeconds, seconds, fewestRuns, slowMilliseconds, Duration.ZERO);
  }

  private Interleaved(
      double warmUpSeconds,
      double seconds,
      int fewestRuns,
      double slowMilliseconds,
      Duration pause) {
    this.pause = pause;
    this.warmUpSeconds = warmUpSeconds;
    this.seconds = seconds;
    this.fewestRuns = fewestRuns;
    this.slowMilliseconds = slowMilliseconds;
  }

  /**
   * The same with a pause before each run, in which the idle threads of the contestant before it,
   * which spin for a while, go to sleep.
   */
  public Interleaved withPause(Duration between) {
    return new Interleaved(warmUpSeconds, seconds, fewestRuns, slowMilliseconds, between);
  }

  /** One timing each. */
  public List<Timing> time(List<Runnable> contestants) {
    List<List<Double>> times = new ArrayList<>();
    boolean[] slow = new boolean[contestants.size()];
    for (int i = 0; i < contestants.size(); i++) {
      times.add(new ArrayList<>());
      double first = milliseconds(contestants.get(i));
      slow[i] = first > slowMilliseconds;
      if (slow[i]) {
        times.get(i).add(first);
      }
    }
    round(contestants, slow, times, warmUpSeconds, 1);
    for (int i = 0; i < slow.length; i++) {
      if (!slow[i]) {
        times.get(i).clear();
      }
    }
    round(contestants, slow, times, seconds, fewestRuns);
    return times.stream()
        .map(list -> Timing.of(list.stream().mapToDouble(Double::doubleValue).toArray()))
        .toList();
  }

  private void round(
      List<Runnable> contestants,
      boolean[] slow,
      List<List<Double>> times,
      double limit,
      int fewest) {
    long start = System.nanoTime();
    for (int run = 0;
        run < fewest || (run < MOST_RUNS && System.nanoTime() - start < limit * 1e9);
        run++) {
      for (int i = 0; i < contestants.size(); i++) {
        if (!slow[i]) {
          times.get(i).add(milliseconds(contestants.get(i)));
        }
      }
    }
  }

  private double milliseconds(Runnable contestant) {
    LockSupport.parkNanos(pause.toNanos());
    long start = System.nanoTime();
    contestant.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
