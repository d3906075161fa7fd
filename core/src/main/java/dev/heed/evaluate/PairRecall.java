package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * How often each half of a pair finds the other among all others' (recall at k of image and text
 * retrieval: the share of queries of whose right candidates one is among the first k, as in
 * Karpathy and Fei-Fei, CVPR 2015, section 4.1), in both directions.
 */
public final class PairRecall {
  private PairRecall() {}

  /**
   * Where a pair's halves find each other, from 1; {@link #MISSED} for one that could not be asked.
   *
   * @param second the place of the best right second half for the first one
   * @param first the place of the best right first half for the second one
   */
  public record Places(int second, int first) {
    /** Behind all others. */
    public static final int MISSED = Integer.MAX_VALUE;
  }

  /**
   * The place of the best right candidate: one more than there are wrong ones that score as high.
   *
   * @param scores of candidates; one that is not a number is none
   * @param right which of them are right
   * @return {@link Places#MISSED} if no right one has a score
   */
  public static int place(double[] scores, boolean[] right) {
    References.requireSame("candidates", scores.length, right.length);
    double best = Double.NEGATIVE_INFINITY;
    boolean found = false;
    for (int i = 0; i < scores.length; i++) {
      if (right[i] && !Double.isNaN(scores[i])) {
        best = Math.max(best, scores[i]);
        found = true;
      }
    }
    if (!found) {
      return Places.MISSED;
    }
    int place = 1;
    for (int i = 0; i < scores.length; i++) {
      place += !right[i] && scores[i] >= best ? 1 : 0;
    }
    return place;
  }

  /**
   * The means over pairs: {@code NAME_recall@k} for each direction and k.
   *
   * @param second the name of what the first halves look for
   * @param first the name of what the second halves look for
   */
  public static CorpusMeasure measure(
      List<Places> pairs, String second, String first, int... cutoffs) {
    List<double[]> statistics = new ArrayList<>();
    for (Places pair : pairs) {
      double[] counts = new double[2 * cutoffs.length + 1];
      for (int c = 0; c < cutoffs.length; c++) {
        counts[c] = pair.second() <= cutoffs[c] ? 1 : 0;
        counts[cutoffs.length + c] = pair.first() <= cutoffs[c] ? 1 : 0;
      }
      counts[2 * cutoffs.length] = 1;
      statistics.add(counts);
    }
    return new PooledMeasure(
        statistics,
        counts -> {
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          for (int i = 0; i < 2 * cutoffs.length; i++) {
            String name = i < cutoffs.length ? second : first;
            values.put(
                name + "_recall@" + cutoffs[i % cutoffs.length],
                counts[i] / counts[2 * cutoffs.length]);
          }
          return values;
        });
  }
}
