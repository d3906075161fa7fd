package dev.heed.bench.train;

import com.sun.management.OperatingSystemMXBean;
import dev.heed.bench.attention.Timing;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Steps of two contestants in turn, by the clock and by the processor time of the process, which
 * other work on the machine does not lengthen.
 *
 * @param heed milliseconds of the clock
 * @param libTorch the same
 * @param heedProcessor milliseconds of processor time, of all threads
 * @param libTorchProcessor the same
 * @param ratio LibTorch's over Heed's processor time, turn by turn
 */
record Turns(
    Timing heed, Timing libTorch, Timing heedProcessor, Timing libTorchProcessor, Timing ratio) {
  private static final int FEWEST = 5;
  private static final int MOST = 200;

  private record Times(double clock, double processor) {}

  /** Takes turns for so many seconds, after as long to warm up. */
  static Turns take(Runnable heed, Runnable libTorch, double seconds) {
    turns(heed, libTorch, seconds);
    List<Times[]> turns = turns(heed, libTorch, seconds);
    return new Turns(
        timing(turns, turn -> turn[0].clock()),
        timing(turns, turn -> turn[1].clock()),
        timing(turns, turn -> turn[0].processor()),
        timing(turns, turn -> turn[1].processor()),
        timing(turns, turn -> turn[1].processor() / turn[0].processor()));
  }

  private static List<Times[]> turns(Runnable heed, Runnable libTorch, double seconds) {
    List<Times[]> turns = new ArrayList<>();
    long start = System.nanoTime();
    while (turns.size() < FEWEST
        || (turns.size() < MOST && System.nanoTime() - start < seconds * 1e9)) {
      turns.add(new Times[] {time(heed), time(libTorch)});
    }
    return turns;
  }

  private static Times time(Runnable step) {
    long start = System.nanoTime();
    long used = processor();
    step.run();
    return new Times((System.nanoTime() - start) / 1e6, (processor() - used) / 1e6);
  }

  private static long processor() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static Timing timing(List<Times[]> turns, ToDoubleFunction<Times[]> value) {
    return Timing.of(turns.stream().mapToDouble(value).toArray());
  }
}
