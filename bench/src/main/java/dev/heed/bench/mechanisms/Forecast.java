package dev.heed.bench.mechanisms;

import dev.heed.mixer.catalogue.Growth;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run will cost at a length not tried yet, told from shorter ones: the last is continued by
 * the exponent that the last two show, at least 1 and at most 2, or after a single one by the
 * published growth.
 */
final class Forecast {
  private final Growth growth;
  private final TreeMap<Integer, Double> seen = new TreeMap<>();

  Forecast(Growth growth) {
    this.growth = growth;
  }

  void saw(int length, double cost) {
    seen.put(length, cost);
  }

  boolean isEmpty() {
    return seen.isEmpty();
  }

  /** The cost that is to be expected; NaN if no shorter length was seen. */
  double at(int length) {
    Map.Entry<Integer, Double> last = seen.floorEntry(length);
    if (last == null) {
      return Double.NaN;
    }
    Map.Entry<Integer, Double> before = seen.lowerEntry(last.getKey());
    double ratio = length / (double) last.getKey();
    if (before == null || before.getValue() <= 0) {
      return last.getValue()
          * GrowthFit.cost(growth, length)
          / GrowthFit.cost(growth, last.getKey());
    }
    return last.getValue() * Math.pow(ratio, exponent(before, last));
  }

  private static double exponent(Map.Entry<Integer, Double> a, Map.Entry<Integer, Double> b) {
    double slope =
        Math.log(b.getValue() / a.getValue()) / Math.log(b.getKey() / (double) a.getKey());
    return Math.clamp(slope, 1, 2);
  }
}
