package dev.heed.evaluate;

import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * A measure that adds up counts over its items and then computes its values from the sums.
 *
 * @param statistics for each item its counts, all of one length
 * @param values the values from summed counts
 * @param ofOne the values from the counts of a single item
 */
public record PooledMeasure(
    List<double[]> statistics,
    Function<double[], SequencedMap<String, Double>> values,
    Function<double[], SequencedMap<String, Double>> ofOne)
    implements CorpusMeasure {

  /** A measure that treats a single item as a corpus. */
  public PooledMeasure(
      List<double[]> statistics, Function<double[], SequencedMap<String, Double>> values) {
    this(statistics, values, values);
  }

  @Override
  public int items() {
    return statistics.size();
  }

  @Override
  public SequencedMap<String, Double> over(int[] selection) {
    double[] sums = new double[statistics.isEmpty() ? 0 : statistics.getFirst().length];
    for (int item : selection) {
      add(sums, statistics.get(item));
    }
    return values.apply(sums);
  }

  @Override
  public SequencedMap<String, Double> ofItem(int item) {
    return ofOne.apply(statistics.get(item));
  }

  private static void add(double[] sums, double[] counts) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += counts[i];
    }
  }
}
