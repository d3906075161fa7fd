package dev.heed.bench.attention;

import dev.heed.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What twice the tokens cost under a window, every length in turn so that a disturbance meets all
 * of them alike.
 */
final class Doubling {
  private static final int[] LENGTHS = {4096, 8192, 16384, 32768, 65536};

  private Doubling() {}

  /** The time of each length in milliseconds, and what it is times that of half the length. */
  static Map<String, Double> measure(double seconds) {
    List<Contest> contests = new ArrayList<>();
    try {
      for (int n : LENGTHS) {
        contests.add(
            new Contest(
                new AttentionCase("doubling", 1, 1, n, n, 64, Pattern.WINDOW, DType.F32, false)));
      }
      double budget = LENGTHS.length * seconds;
      List<Timing> times =
          new Interleaved(budget, budget).time(contests.stream().map(Contest::heed).toList());
      Map<String, Double> found = new TreeMap<>();
      for (int i = 0; i < LENGTHS.length; i++) {
        String row = String.format(Locale.ROOT, "window 256, n = %5d: ", LENGTHS[i]);
        found.put(row + "milliseconds", times.get(i).median());
        if (i > 0) {
          found.put(row + "times n / 2", times.get(i).median() / times.get(i - 1).median());
        }
      }
      return found;
    } finally {
      contests.reversed().forEach(Contest::close);
    }
  }
}
