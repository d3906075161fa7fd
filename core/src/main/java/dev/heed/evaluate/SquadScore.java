package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Exact match and word F1 of one answer, the best over the right answers (Rajpurkar et al., SQuAD,
 * EMNLP 2016, section 6.1; SQuAD 2.0, ACL 2018), as the official programs compute them.
 *
 * @param exact 1 if the normalised answer equals a right one, else 0
 * @param f1 the harmonic mean of the shares of common words
 */
public record SquadScore(double exact, double f1) {
  private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
  private static final Pattern ARTICLE =
      Pattern.compile("(?<![\\p{L}\\p{N}_])(?:a|an|the)(?![\\p{L}\\p{N}_])");

  /** Lower case, without ASCII punctuation, without articles, with single spaces. */
  public static String normalize(String answer) {
    String bare = PUNCTUATION.matcher(answer.toLowerCase(Locale.ROOT)).replaceAll("");
    return WhiteSpace.collapse(ARTICLE.matcher(bare).replaceAll(" "));
  }

  /**
   * The score by version 1.1, in which every question has an answer.
   *
   * @param answers the right ones
   * @throws IllegalArgumentException if there are none
   */
  public static SquadScore version1(String prediction, List<String> answers) {
    if (answers.isEmpty()) {
      throw new IllegalArgumentException(
          "SQuAD 1.1: expected an answer, got none; questions without answer are of version 2");
    }
    return best(prediction, answers, false);
  }

  /**
   * The score by version 2.0: a question without answers is answered by the empty text. Answers of
   * which normalisation leaves nothing do not count.
   *
   * @param answers the right ones; none if the question has no answer
   */
  public static SquadScore version2(String prediction, List<String> answers) {
    List<String> meaningful =
        answers.stream().filter(answer -> !normalize(answer).isEmpty()).toList();
    return best(prediction, meaningful.isEmpty() ? List.of("") : meaningful, true);
  }

  /**
   * The best mean score that leaving out doubtful answers could give, and up to which probability
   * of no answer predictions are kept for it.
   *
   * @param score in percent
   * @param threshold the probability; 0 if it is best to answer nothing
   */
  public record Threshold(double score, double threshold) {}

  /**
   * Finds the best threshold.
   *
   * @param part exact match or F1
   * @param predictions what was answered
   * @param answers for each question its right answers
   * @param noAnswer for each question how probable it is that it has no answer
   */
  public static Threshold bestThreshold(
      ToDoubleFunction<SquadScore> part,
      List<String> predictions,
      List<List<String>> answers,
      double[] noAnswer) {
    References.requireSame("answers", predictions.size(), answers.size());
    References.requireSame("probabilities of no answer", predictions.size(), noAnswer.length);
    double score = answers.stream().filter(List::isEmpty).count();
    double best = score;
    double threshold = 0;
    List<Integer> order =
        IntStream.range(0, noAnswer.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> noAnswer[i]))
            .toList();
    for (int i : order) {
      if (!answers.get(i).isEmpty()) {
        score += part.applyAsDouble(version2(predictions.get(i), answers.get(i)));
      } else if (!predictions.get(i).isEmpty()) {
        score -= 1;
      }
      if (score > best) {
        best = score;
        threshold = noAnswer[i];
      }
    }
    return new Threshold(100 * best / predictions.size(), threshold);
  }

  /**
   * The measures {@code exact} and {@code f1} in percent.
   *
   * @param version2 whether questions may have no answer
   */
  public static CorpusMeasure measure(
      boolean version2, List<String> predictions, List<List<String>> answers) {
    References.requireSame("answers", predictions.size(), answers.size());
    List<double[]> statistics = new ArrayList<>();
    for (int item = 0; item < predictions.size(); item++) {
      SquadScore score =
          version2
              ? version2(predictions.get(item), answers.get(item))
              : version1(predictions.get(item), answers.get(item));
      statistics.add(new double[] {score.exact, score.f1, 1});
    }
    return new PooledMeasure(
        statistics,
        counts -> {
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          values.put("exact", 100 * counts[0] / counts[2]);
          values.put("f1", 100 * counts[1] / counts[2]);
          return values;
        });
  }

  private static SquadScore best(String prediction, List<String> answers, boolean emptyIsAnswer) {
    String got = normalize(prediction);
    double exact = 0;
    double f1 = 0;
    for (String answer : answers) {
      String wanted = normalize(answer);
      exact = Math.max(exact, got.equals(wanted) ? 1 : 0);
      f1 = Math.max(f1, f1(WhiteSpace.split(got), WhiteSpace.split(wanted), emptyIsAnswer));
    }
    return new SquadScore(exact, f1);
  }

  private static double f1(List<String> got, List<String> wanted, boolean emptyIsAnswer) {
    if (emptyIsAnswer && got.isEmpty() && wanted.isEmpty()) {
      return 1;
    }
    int common = NGrams.matches(counts(got), counts(wanted));
    return PrecisionRecall.of(common, got.size(), wanted.size()).f1();
  }

  private static Map<String, Integer> counts(List<String> words) {
    Map<String, Integer> counts = new HashMap<>();
    words.forEach(word -> counts.merge(word, 1, Integer::sum));
    return counts;
  }
}
