package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * Translation edit rate: how many edits and block moves turn a translation into its reference.
 *
 * <p>{@code TER = 100 · edits / words of the references}: edits to the nearest reference, words on
 * average over them (Snover et al., AMTA 2006). Values are those of sacrebleu 2.6.0, hence
 * Tercom's.
 *
 * @param tokenizer how texts are prepared
 */
public record Ter(TerTokenizer tokenizer) {
  /**
   * A score with what it was computed from.
   *
   * @param score in percent; 100 where references are empty and a translation is not
   * @param edits insertions, deletions, substitutions and moves
   * @param referenceLength words of the references, on average over the references of a text
   */
  public record Score(double score, double edits, double referenceLength) {}

  /** As usual: case ignored, nothing normalised. */
  public static Ter usual() {
    return new Ter(new TerTokenizer(false, false, false, false));
  }

  /**
   * The score of a corpus: edits and lengths are added up over its texts.
   *
   * @throws IllegalArgumentException if there are not as many references as hypotheses
   */
  public Score corpus(List<String> hypotheses, References references) {
    double edits = 0;
    double length = 0;
    for (double[] counts : statistics(hypotheses, references)) {
      edits += counts[0];
      length += counts[1];
    }
    return score(edits, length);
  }

  /** The score of one text. */
  public Score sentence(String hypothesis, List<String> references) {
    double[] counts = statistics(hypothesis, references);
    return score(counts[0], counts[1]);
  }

  /** The measure {@code ter}. */
  public CorpusMeasure measure(List<String> hypotheses, References references) {
    return new PooledMeasure(
        statistics(hypotheses, references),
        counts -> {
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          values.put("ter", score(counts[0], counts[1]).score);
          return values;
        });
  }

  /** What determines the score, in sacrebleu's notation. */
  public String signature(References references) {
    return String.format(
        Locale.ROOT,
        "nrefs:%s|case:%s|tok:tercom|norm:%s|punct:%s|asian:%s|version:2.6.0",
        references.count(),
        tokenizer.caseSensitive() ? "mixed" : "lc",
        tokenizer.normalized() ? "yes" : "no",
        tokenizer.withoutPunctuation() ? "no" : "yes",
        tokenizer.asian() ? "yes" : "no");
  }

  private List<double[]> statistics(List<String> hypotheses, References references) {
    references.requireItems(hypotheses.size());
    List<double[]> statistics = new ArrayList<>();
    for (int item = 0; item < hypotheses.size(); item++) {
      statistics.add(statistics(hypotheses.get(item), references.of(item)));
    }
    return statistics;
  }

  private double[] statistics(String hypothesis, List<String> references) {
    List<String> words = words(hypothesis);
    int fewest = Integer.MAX_VALUE;
    double length = 0;
    for (String reference : references) {
      List<String> wanted = words(reference);
      fewest = Math.min(fewest, TerShifts.edits(words, wanted));
      length += wanted.size();
    }
    return new double[] {fewest, length / references.size()};
  }

  private List<String> words(String text) {
    return WhiteSpace.split(tokenizer.apply(WhiteSpace.stripEnd(text)));
  }

  private static Score score(double edits, double length) {
    double rate = length > 0 ? edits / length : edits > 0 ? 1 : 0;
    return new Score(100 * rate, edits, length);
  }
}
