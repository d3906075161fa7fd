package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * BLEU: how many of the n-grams of a translation stand in its references too.
 *
 * <p>{@code BLEU = 100 · BP · exp(mean over n of ln p_n)}: {@code p_n} is the share of the
 * translation's n-grams that a reference has, each at most as often as the reference has it most;
 * {@code BP = exp(1 - r/c)} where the translations are shorter (c words) than the references
 * closest in length (r words), else 1 (Papineni et al., BLEU, ACL 2002, section 2). Values are
 * those of sacrebleu 2.6.0 (Post, A Call for Clarity in Reporting BLEU Scores, WMT 2018).
 *
 * <p>The score is 0 where nothing matches. Without {@code effectiveOrder} the mean is over {@code
 * maxOrder} orders even where the texts are too short to have them, which gives 0.
 *
 * @param tokenizer what a word is
 * @param lowercase whether texts are lower-cased first
 * @param smoothing what an order without a match counts
 * @param smoothValue the value of {@link Smoothing#FLOOR} and {@link Smoothing#ADD_K}
 * @param maxOrder the largest n, usually 4
 * @param effectiveOrder whether orders that a text is too short for are left out, as fits single
 *     sentences
 */
public record Bleu(
    BleuTokenizer tokenizer,
    boolean lowercase,
    Smoothing smoothing,
    double smoothValue,
    int maxOrder,
    boolean effectiveOrder) {

  /** What an order without any match counts (Chen and Cherry, WMT 2014). */
  public enum Smoothing {
    /** Nothing: the score is 0. */
    NONE("none", Double.NaN),
    /** A small number of matches. */
    FLOOR("floor", 0.1),
    /** From n = 2 on, this many matches and n-grams more. */
    ADD_K("add-k", 1),
    /** The k-th such order counts 1 / 2^k matches. */
    EXP("exp", Double.NaN);

    private final String code;
    private final double usual;

    Smoothing(String code, double usual) {
      this.code = code;
      this.usual = usual;
    }

    /** Its name in sacrebleu. */
    public String code() {
      return code;
    }

    /** The value used unless another is given; not a number where there is none. */
    public double usual() {
      return usual;
    }
  }

  /**
   * A score with what it was computed from.
   *
   * @param score from 0 to 100
   * @param matches matching n-grams for each n from 1, as smoothed
   * @param totals all n-grams of the translations for each n from 1, as smoothed
   * @param precisions in percent, for each n from 1
   * @param brevityPenalty from 0 to 1
   * @param length words of the translations
   * @param referenceLength words of the references closest in length
   */
  public record Score(
      double score,
      double[] matches,
      double[] totals,
      double[] precisions,
      double brevityPenalty,
      long length,
      long referenceLength) {}

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if {@code maxOrder} is below 1
   */
  public Bleu {
    if (maxOrder < 1) {
      throw new IllegalArgumentException("BLEU: expected an order of at least 1, got " + maxOrder);
    }
  }

  /** The usual corpus BLEU: 13a, case kept, exponential smoothing, up to four words. */
  public static Bleu usual() {
    return new Bleu(BleuTokenizer.V13A, false, Smoothing.EXP, Double.NaN, 4, false);
  }

  /** The same with another tokenizer. */
  public Bleu withTokenizer(BleuTokenizer other) {
    return new Bleu(other, lowercase, smoothing, smoothValue, maxOrder, effectiveOrder);
  }

  /** The same for single sentences: only orders that they are long enough for count. */
  public Bleu forSentences() {
    return new Bleu(tokenizer, lowercase, smoothing, smoothValue, maxOrder, true);
  }

  /**
   * The score of a corpus: counts are added up over its texts.
   *
   * @throws IllegalArgumentException if there are not as many references as hypotheses
   */
  public Score corpus(List<String> hypotheses, References references) {
    double[] sums = new double[2 + 2 * maxOrder];
    for (double[] counts : statistics(hypotheses, references)) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += counts[i];
      }
    }
    return score(sums);
  }

  /** The score of one text by {@link #forSentences}. */
  public Score sentence(String hypothesis, List<String> references) {
    return forSentences().score(statistics(hypothesis, references));
  }

  /** The measure {@code bleu}; single items are scored as sentences. */
  public CorpusMeasure measure(List<String> hypotheses, References references) {
    return new PooledMeasure(
        statistics(hypotheses, references),
        counts -> named(score(counts)),
        counts -> named(forSentences().score(counts)));
  }

  /** What determines the score, in sacrebleu's notation. */
  public String signature(References references) {
    String smooth =
        switch (smoothing) {
          case FLOOR, ADD_K -> String.format(Locale.ROOT, "%s[%.2f]", smoothing.code, value());
          case NONE, EXP -> smoothing.code;
        };
    return String.format(
        Locale.ROOT,
        "nrefs:%s|case:%s|eff:%s|tok:%s|smooth:%s|version:2.6.0",
        references.count(),
        lowercase ? "lc" : "mixed",
        effectiveOrder ? "yes" : "no",
        tokenizer.code(),
        smooth);
  }

  private static SequencedMap<String, Double> named(Score score) {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("bleu", score.score);
    return values;
  }

  private List<double[]> statistics(List<String> hypotheses, References references) {
    references.requireItems(hypotheses.size());
    List<double[]> statistics = new ArrayList<>();
    for (int item = 0; item < hypotheses.size(); item++) {
      statistics.add(statistics(hypotheses.get(item), references.of(item)));
    }
    return statistics;
  }

  /** Length, closest reference length, then matches for each n, then totals for each n. */
  private double[] statistics(String hypothesis, List<String> references) {
    List<String> words = words(hypothesis);
    List<List<String>> wanted = references.stream().map(this::words).toList();
    double[] counts = new double[2 + 2 * maxOrder];
    counts[0] = words.size();
    counts[1] = closest(words.size(), wanted);
    for (int n = 1; n <= maxOrder; n++) {
      Map<List<String>, Integer> most = new HashMap<>();
      for (List<String> reference : wanted) {
        NGrams.ofTokens(reference, n).forEach((gram, count) -> most.merge(gram, count, Math::max));
      }
      Map<List<String>, Integer> grams = NGrams.ofTokens(words, n);
      counts[1 + n] = NGrams.matches(grams, most);
      counts[1 + maxOrder + n] = NGrams.total(grams);
    }
    return counts;
  }

  private List<String> words(String text) {
    String line = WhiteSpace.stripEnd(lowercase ? text.toLowerCase(Locale.ROOT) : text);
    return tokenizer.words(line);
  }

  /** The length closest to this one, the shorter of two as close. */
  private static int closest(int length, List<List<String>> references) {
    int best = references.getFirst().size();
    for (List<String> reference : references) {
      int distance = Math.abs(reference.size() - length);
      int bestDistance = Math.abs(best - length);
      if (distance < bestDistance || (distance == bestDistance && reference.size() < best)) {
        best = reference.size();
      }
    }
    return best;
  }

  private double value() {
    return Double.isNaN(smoothValue) ? smoothing.usual : smoothValue;
  }

  private Score score(double[] counts) {
    double[] matches = new double[maxOrder];
    double[] totals = new double[maxOrder];
    System.arraycopy(counts, 2, matches, 0, maxOrder);
    System.arraycopy(counts, 2 + maxOrder, totals, 0, maxOrder);
    double penalty = 1;
    if (counts[0] < counts[1]) {
      penalty = counts[0] == 0 ? 0 : Math.exp(1 - counts[1] / counts[0]);
    }
    double[] precisions = new double[maxOrder];
    double score = 0;
    if (java.util.Arrays.stream(matches).anyMatch(count -> count > 0)) {
      int orders = precisions(matches, totals, precisions);
      score = penalty * geometricMean(precisions, effectiveOrder ? orders : maxOrder);
    }
    return new Score(
        score, matches, totals, precisions, penalty, Math.round(counts[0]), Math.round(counts[1]));
  }

  /** Fills in the smoothed precisions and says how many orders the texts are long enough for. */
  private int precisions(double[] matches, double[] totals, double[] precisions) {
    double halved = 1;
    for (int n = 0; n < maxOrder; n++) {
      if (smoothing == Smoothing.ADD_K && n > 0) {
        matches[n] += value();
        totals[n] += value();
      }
      if (totals[n] == 0) {
        return n;
      }
      double counted = matches[n];
      if (counted == 0 && smoothing == Smoothing.EXP) {
        halved *= 2;
        counted = 1 / halved;
      } else if (counted == 0 && smoothing == Smoothing.FLOOR) {
        counted = value();
      }
      precisions[n] = 100 * counted / totals[n];
    }
    return maxOrder;
  }

  private static double geometricMean(double[] precisions, int orders) {
    double logs = 0;
    for (int n = 0; n < orders; n++) {
      logs += Math.log(precisions[n]);
    }
    return Math.exp(logs / orders);
  }
}
