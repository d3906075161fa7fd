package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * How well words of a translation were linked to those of its source.
 *
 * <p>{@code AER = 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|)} for links A, sure links S and possible
 * links P, which include the sure ones (Och and Ney, Computational Linguistics 2003, section 4.2).
 *
 * @param links |A|
 * @param sure |S|
 * @param inSure |A ∩ S|
 * @param inPossible |A ∩ P|
 */
public record AlignmentScore(long links, long sure, long inSure, long inPossible) {
  /** Word {@code source} of the source belongs to word {@code target} of the target. */
  public record Link(int source, int target) {}

  /**
   * Scores the links of one pair of sentences.
   *
   * @param possible further links that are not wrong; the sure ones need not stand among them
   */
  public static AlignmentScore of(Set<Link> links, Set<Link> sure, Set<Link> possible) {
    Set<Link> allowed = new HashSet<>(possible);
    allowed.addAll(sure);
    return new AlignmentScore(
        links.size(),
        sure.size(),
        links.stream().filter(sure::contains).count(),
        links.stream().filter(allowed::contains).count());
  }

  /** Both together, as for a corpus. */
  public AlignmentScore plus(AlignmentScore other) {
    return new AlignmentScore(
        links + other.links,
        sure + other.sure,
        inSure + other.inSure,
        inPossible + other.inPossible);
  }

  /** The share of links that are possible; not a number without links. */
  public double precision() {
    return (double) inPossible / links;
  }

  /** The share of sure links that were found; not a number without sure links. */
  public double recall() {
    return (double) inSure / sure;
  }

  /** The alignment error rate; not a number without any links. */
  public double errorRate() {
    return 1 - (double) (inSure + inPossible) / (links + sure);
  }

  /** The measures {@code aer}, {@code precision} and {@code recall}. */
  public static CorpusMeasure measure(List<AlignmentScore> sentences) {
    List<double[]> statistics = new ArrayList<>();
    for (AlignmentScore score : sentences) {
      statistics.add(new double[] {score.links, score.sure, score.inSure, score.inPossible});
    }
    return new PooledMeasure(
        statistics,
        counts -> {
          AlignmentScore sum =
              new AlignmentScore(
                  Math.round(counts[0]),
                  Math.round(counts[1]),
                  Math.round(counts[2]),
                  Math.round(counts[3]));
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          values.put("aer", sum.errorRate());
          values.put("precision", sum.precision());
          values.put("recall", sum.recall());
          return values;
        });
  }
}
