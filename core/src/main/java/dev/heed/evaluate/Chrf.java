package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * chrF and chrF++: the F-score of character n-grams, and of word n-grams if asked for.
 *
 * <p>{@code chrF = 100 · (1 + β²) P R / (β² P + R)}, with precision and recall averaged over the
 * orders of which both sides have n-grams (Popović, chrF, WMT 2015, and chrF++, WMT 2017). Of
 * several references the one with the best score of its own counts. Values are those of sacrebleu
 * 2.6.0.
 *
 * @param characterOrder the longest sequence of characters, usually 6
 * @param wordOrder the longest sequence of words: 0 for chrF, 2 for chrF++
 * @param beta how many times more recall counts than precision, usually 2
 * @param lowercase whether texts are lower-cased first
 * @param whitespace whether white space counts as characters
 * @param epsilonSmoothing whether orders without n-grams count as {@code 1e-16} instead of being
 *     left out, and F-scores are averaged instead of precision and recall
 */
public record Chrf(
    int characterOrder,
    int wordOrder,
    double beta,
    boolean lowercase,
    boolean whitespace,
    boolean epsilonSmoothing) {
  private static final double EPSILON = 1e-16;
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  /**
   * Checks the orders.
   *
   * @throws IllegalArgumentException if one is negative or both are 0, or beta is not positive
   */
  public Chrf {
    if (characterOrder < 0 || wordOrder < 0 || characterOrder + wordOrder == 0 || !(beta > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "chrF: expected orders of at least 0, one of them above it, and beta above 0, got %d,"
                  + " %d, %s",
              characterOrder,
              wordOrder,
              beta));
    }
  }

  /** chrF2: six characters, no words. */
  public static Chrf usual() {
    return new Chrf(6, 0, 2, false, false, false);
  }

  /** chrF2++: six characters, two words. */
  public static Chrf plusPlus() {
    return new Chrf(6, 2, 2, false, false, false);
  }

  /**
   * The score of a corpus, from 0 to 100: counts are added up over its texts.
   *
   * @throws IllegalArgumentException if there are not as many references as hypotheses
   */
  public double corpus(List<String> hypotheses, References references) {
    return measure(hypotheses, references).value("chrf");
  }

  /** The score of one text, from 0 to 100. */
  public double sentence(String hypothesis, List<String> references) {
    return score(statistics(hypothesis, references));
  }

  /** The measure {@code chrf}. */
  public CorpusMeasure measure(List<String> hypotheses, References references) {
    references.requireItems(hypotheses.size());
    List<double[]> statistics = new ArrayList<>();
    for (int item = 0; item < hypotheses.size(); item++) {
      statistics.add(statistics(hypotheses.get(item), references.of(item)));
    }
    return new PooledMeasure(
        statistics,
        counts -> {
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          values.put("chrf", score(counts));
          return values;
        });
  }

  /** What determines the score, in sacrebleu's notation. */
  public String signature(References references) {
    return String.format(
        Locale.ROOT,
        "nrefs:%s|case:%s|eff:%s|nc:%d|nw:%d|space:%s|version:2.6.0",
        references.count(),
        lowercase ? "lc" : "mixed",
        epsilonSmoothing ? "no" : "yes",
        characterOrder,
        wordOrder,
        whitespace ? "yes" : "no");
  }

  /** For each order: n-grams of the hypothesis, of the best reference, and how many match. */
  private double[] statistics(String hypothesis, List<String> references) {
    List<Map<?, Integer>> grams = grams(hypothesis);
    double[] best = new double[0];
    double bestScore = -1;
    for (String reference : references) {
      double[] counts = counts(grams, grams(reference));
      double score = score(counts);
      if (score > bestScore) {
        bestScore = score;
        best = counts;
      }
    }
    return best;
  }

  private double[] counts(List<Map<?, Integer>> hypothesis, List<Map<?, Integer>> reference) {
    double[] counts = new double[3 * (characterOrder + wordOrder)];
    for (int order = 0; order < hypothesis.size(); order++) {
      int wanted = NGrams.total(reference.get(order));
      counts[3 * order] = wanted == 0 ? 0 : NGrams.total(hypothesis.get(order));
      counts[3 * order + 1] = wanted;
      counts[3 * order + 2] = matches(hypothesis.get(order), reference.get(order));
    }
    return counts;
  }

  private static <T> int matches(Map<T, Integer> first, Map<?, Integer> second) {
    @SuppressWarnings("unchecked") // both were counted in the same way
    Map<T, Integer> same = (Map<T, Integer>) second;
    return NGrams.matches(first, same);
  }

  private List<Map<?, Integer>> grams(String text) {
    String line = lowercase ? text.toLowerCase(Locale.ROOT) : text;
    int[] characters =
        (whitespace ? line : String.join("", WhiteSpace.split(line))).codePoints().toArray();
    List<Map<?, Integer>> grams = new ArrayList<>();
    for (int n = 1; n <= characterOrder; n++) {
      grams.add(NGrams.ofCharacters(characters, n));
    }
    List<String> words = words(line);
    for (int n = 1; n <= wordOrder; n++) {
      grams.add(NGrams.ofTokens(words, n));
    }
    return grams;
  }

  /** Splits one punctuation mark off the end of a word, or else off its beginning. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String word : WhiteSpace.split(line)) {
      int last = word.length() - 1;
      if (last > 0 && PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
        words.add(word.substring(0, last));
        words.add(word.substring(last));
      } else if (last > 0 && PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
        words.add(word.substring(0, 1));
        words.add(word.substring(1));
      } else {
        words.add(word);
      }
    }
    return words;
  }

  private double score(double[] counts) {
    double precisions = 0;
    double recalls = 0;
    double smoothed = 0;
    int orders = 0;
    for (int i = 0; i < counts.length; i += 3) {
      double precision = counts[i] > 0 ? counts[i + 2] / counts[i] : EPSILON;
      double recall = counts[i + 1] > 0 ? counts[i + 2] / counts[i + 1] : EPSILON;
      smoothed += precision + recall > 0 ? fScore(precision, recall) : EPSILON;
      if (counts[i] > 0 && counts[i + 1] > 0) {
        precisions += precision;
        recalls += recall;
        orders++;
      }
    }
    if (epsilonSmoothing) {
      return 100 * smoothed / (counts.length / 3);
    }
    return precisions + recalls == 0 ? 0 : 100 * fScore(precisions / orders, recalls / orders);
  }

  private double fScore(double precision, double recall) {
    double factor = beta * beta;
    return (1 + factor) * precision * recall / (factor * precision + recall);
  }
}
