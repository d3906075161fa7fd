package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * ROUGE: how much of a summary stands in a reference, and how much of the reference in it.
 *
 * <p>{@code rougeN} counts n-grams, {@code rougeL} the longest common subsequence, {@code
 * rougeLsum} for each sentence of the reference the union of its common subsequences with all
 * sentences of the summary, sentences being lines (Lin, ROUGE, 2004, sections 2 to 3.2). Texts are
 * lower-cased; words are runs of {@code a-z} and {@code 0-9}. Values are those of Google's
 * rouge-score.
 *
 * @param stemmed whether words of more than three letters are cut to their stems
 */
public record Rouge(boolean stemmed) {
  private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");
  private static final int UNSTEMMED_LENGTH = 3;

  /** A variant: what is counted. */
  public sealed interface Variant {
    /** Its usual name, for example {@code rouge2}. */
    String code();
  }

  /**
   * Sequences of n words.
   *
   * @param n at least 1
   */
  public record Words(int n) implements Variant {
    /**
     * Checks n.
     *
     * @throws IllegalArgumentException if n is below 1
     */
    public Words {
      if (n < 1) {
        throw new IllegalArgumentException("rougeN: expected n of at least 1, got " + n);
      }
    }

    @Override
    public String code() {
      return "rouge" + n;
    }
  }

  /** The longest common subsequence, of whole texts or by sentences. */
  public enum Subsequence implements Variant {
    TEXT("rougeL"),
    SENTENCES("rougeLsum");

    private final String code;

    Subsequence(String code) {
      this.code = code;
    }

    @Override
    public String code() {
      return code;
    }
  }

  /** What is usually reported: rouge1, rouge2, rougeL, rougeLsum. */
  public static List<Variant> usual() {
    return List.of(new Words(1), new Words(2), Subsequence.TEXT, Subsequence.SENTENCES);
  }

  /**
   * The variant of this name.
   *
   * @throws IllegalArgumentException if the name is none
   */
  public static Variant named(String code) {
    for (Subsequence subsequence : Subsequence.values()) {
      if (subsequence.code.equals(code)) {
        return subsequence;
      }
    }
    if (code.matches("rouge[1-9]")) {
      return new Words(code.charAt(code.length() - 1) - '0');
    }
    throw new IllegalArgumentException(
        "ROUGE: expected rouge1 to rouge9, rougeL or rougeLsum, got " + code);
  }

  /** The score of one summary; all 0 where either text has no word. */
  public PrecisionRecall score(Variant variant, String summary, String reference) {
    return switch (variant) {
      case Words words -> {
        Map<List<String>, Integer> got = NGrams.ofTokens(tokens(summary), words.n);
        Map<List<String>, Integer> wanted = NGrams.ofTokens(tokens(reference), words.n);
        yield PrecisionRecall.of(
            NGrams.matches(got, wanted), NGrams.total(got), NGrams.total(wanted));
      }
      case Subsequence s when s == Subsequence.TEXT -> {
        List<String> got = tokens(summary);
        List<String> wanted = tokens(reference);
        int common = lengths(wanted, got)[wanted.size()][got.size()];
        yield PrecisionRecall.of(common, got.size(), wanted.size());
      }
      case Subsequence s -> bySentences(sentences(summary), sentences(reference));
    };
  }

  /** The score against the reference with the best F. */
  public PrecisionRecall best(Variant variant, String summary, List<String> references) {
    return references.stream()
        .map(reference -> score(variant, summary, reference))
        .reduce((first, second) -> second.f1() > first.f1() ? second : first)
        .orElseThrow(() -> new IllegalArgumentException("ROUGE: expected a reference, got none"));
  }

  /** The mean F of each variant by its name; several references: the best of them. */
  public CorpusMeasure measure(
      List<Variant> variants, List<String> summaries, References references) {
    references.requireItems(summaries.size());
    List<double[]> statistics = new ArrayList<>();
    for (int item = 0; item < summaries.size(); item++) {
      double[] counts = new double[variants.size() + 1];
      for (int v = 0; v < variants.size(); v++) {
        counts[v] = best(variants.get(v), summaries.get(item), references.of(item)).f1();
      }
      counts[variants.size()] = 1;
      statistics.add(counts);
    }
    return new PooledMeasure(
        statistics,
        counts -> {
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          for (int v = 0; v < variants.size(); v++) {
            values.put(variants.get(v).code(), counts[v] / counts[variants.size()]);
          }
          return values;
        });
  }

  private List<List<String>> sentences(String text) {
    return Arrays.stream(text.split("\n"))
        .filter(line -> !line.isEmpty())
        .map(this::tokens)
        .toList();
  }

  private List<String> tokens(String text) {
    return Stream.of(NO_WORD.split(text.toLowerCase(Locale.ROOT)))
        .filter(word -> !word.isEmpty())
        .map(word -> stemmed && word.length() > UNSTEMMED_LENGTH ? PorterStemmer.stem(word) : word)
        .toList();
  }

  /** A word counts at most as often as it occurs in either text. */
  private static PrecisionRecall bySentences(
      List<List<String>> summary, List<List<String>> reference) {
    Map<String, Integer> left = counts(summary);
    Map<String, Integer> leftOfReference = counts(reference);
    int total = NGrams.total(left);
    int totalOfReference = NGrams.total(leftOfReference);
    int hits = 0;
    for (List<String> sentence : reference) {
      for (int place : union(sentence, summary)) {
        String word = sentence.get(place);
        if (left.getOrDefault(word, 0) > 0 && leftOfReference.getOrDefault(word, 0) > 0) {
          hits++;
          left.merge(word, -1, Integer::sum);
          leftOfReference.merge(word, -1, Integer::sum);
        }
      }
    }
    return PrecisionRecall.of(hits, total, totalOfReference);
  }

  private static Map<String, Integer> counts(List<List<String>> sentences) {
    Map<String, Integer> counts = new HashMap<>();
    sentences.forEach(sentence -> sentence.forEach(word -> counts.merge(word, 1, Integer::sum)));
    return counts;
  }

  /** The places in a sentence that a common subsequence with any of the others takes. */
  private static TreeSet<Integer> union(List<String> sentence, List<List<String>> others) {
    TreeSet<Integer> places = new TreeSet<>(Comparator.naturalOrder());
    for (List<String> other : others) {
      int[][] lengths = lengths(sentence, other);
      int i = sentence.size();
      int j = other.size();
      while (i > 0 && j > 0) {
        if (sentence.get(i - 1).equals(other.get(j - 1))) {
          places.add(--i);
          j--;
        } else if (lengths[i][j - 1] > lengths[i - 1][j]) {
          j--;
        } else {
          i--;
        }
      }
    }
    return places;
  }

  /** Lengths of the longest common subsequences of all beginnings. */
  private static int[][] lengths(List<String> first, List<String> second) {
    int[][] lengths = new int[first.size() + 1][second.size() + 1];
    for (int i = 1; i <= first.size(); i++) {
      for (int j = 1; j <= second.size(); j++) {
        lengths[i][j] =
            first.get(i - 1).equals(second.get(j - 1))
                ? lengths[i - 1][j - 1] + 1
                : Math.max(lengths[i - 1][j], lengths[i][j - 1]);
      }
    }
    return lengths;
  }
}
