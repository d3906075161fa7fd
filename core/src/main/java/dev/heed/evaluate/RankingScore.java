package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * How good the first k documents are that a query found.
 *
 * <p>Everything is 0 for a query without relevant documents.
 *
 * @param precision the share of k that is relevant, also where fewer than k were found
 * @param recall the share of the relevant ones that is among them
 * @param hit 1 if one of them is relevant
 * @param reciprocalRank 1 / the rank of the first relevant one
 * @param ndcg {@code Σ gain / log₂(rank + 1)} over the same of the best order (Järvelin and
 *     Kekäläinen, TOIS 2002), the gain being the grade
 * @param ndcgExponential the same with gain {@code 2^grade - 1} (Burges et al., ICML 2005)
 * @param averagePrecision the sum of the precisions at the relevant ranks over the number of
 *     relevant documents
 * @param averagePrecisionWithinK the same over the smaller of that number and k
 */
public record RankingScore(
    double precision,
    double recall,
    double hit,
    double reciprocalRank,
    double ndcg,
    double ndcgExponential,
    double averagePrecision,
    double averagePrecisionWithinK) {

  /**
   * One query.
   *
   * @param ranking the documents it found, the best first, each once
   * @param relevance the grade of each judged document, 0 or less for irrelevant ones; documents
   *     without a grade are irrelevant
   */
  public record Query(List<String> ranking, Map<String, Integer> relevance) {
    /**
     * Checks the ranking.
     *
     * @throws IllegalArgumentException if a document stands in it twice
     */
    public Query {
      if (new HashSet<>(ranking).size() < ranking.size()) {
        throw new IllegalArgumentException(
            "ranking: expected each document once, got one of them twice in " + ranking);
      }
    }
  }

  /**
   * Scores one query.
   *
   * @param k how many documents count, at least 1
   */
  public static RankingScore of(Query query, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k: expected at least 1, got " + k);
    }
    int[] grades =
        query.ranking().stream()
            .limit(k)
            .mapToInt(document -> Math.max(0, query.relevance().getOrDefault(document, 0)))
            .toArray();
    int[] ideal =
        query.relevance().values().stream()
            .filter(grade -> grade > 0)
            .sorted(Comparator.reverseOrder())
            .mapToInt(Integer::intValue)
            .toArray();
    double relevant = ideal.length;
    if (relevant == 0) {
      return new RankingScore(0, 0, 0, 0, 0, 0, 0, 0);
    }
    double hits = 0;
    double precisions = 0;
    double reciprocalRank = 0;
    for (int rank = 1; rank <= grades.length; rank++) {
      if (grades[rank - 1] > 0) {
        hits++;
        precisions += hits / rank;
        reciprocalRank = reciprocalRank == 0 ? 1.0 / rank : reciprocalRank;
      }
    }
    int[] best = Arrays.copyOf(ideal, Math.min(ideal.length, k));
    return new RankingScore(
        hits / k,
        hits / relevant,
        Math.min(hits, 1),
        reciprocalRank,
        gain(grades, false) / gain(best, false),
        gain(grades, true) / gain(best, true),
        precisions / relevant,
        precisions / Math.min(relevant, k));
  }

  /**
   * Scores whole rankings and takes the mean over queries of each measure at each k: {@code
   * precision@k}, {@code recall@k}, {@code hit@k}, {@code mrr@k}, {@code ndcg@k}, {@code
   * ndcg_exp@k}, {@code map@k}.
   */
  public static CorpusMeasure measure(List<Query> queries, int... cutoffs) {
    List<double[]> statistics = new ArrayList<>();
    for (Query query : queries) {
      double[] counts = new double[cutoffs.length * PARTS.length + 1];
      for (int c = 0; c < cutoffs.length; c++) {
        System.arraycopy(of(query, cutoffs[c]).parts(), 0, counts, c * PARTS.length, PARTS.length);
      }
      counts[counts.length - 1] = 1;
      statistics.add(counts);
    }
    return new PooledMeasure(
        statistics,
        counts -> {
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          for (int i = 0; i < counts.length - 1; i++) {
            String name = PARTS[i % PARTS.length] + "@" + cutoffs[i / PARTS.length];
            values.put(name, counts[i] / counts[counts.length - 1]);
          }
          return values;
        });
  }

  private static final String[] PARTS = {
    "precision", "recall", "hit", "mrr", "ndcg", "ndcg_exp", "map"
  };

  private double[] parts() {
    return new double[] {
      precision, recall, hit, reciprocalRank, ndcg, ndcgExponential, averagePrecision
    };
  }

  private static double gain(int[] grades, boolean exponential) {
    double sum = 0;
    for (int i = 0; i < grades.length; i++) {
      sum += (exponential ? Math.pow(2, grades[i]) - 1 : grades[i]) * discount(i + 1);
    }
    return sum;
  }

  private static double discount(int rank) {
    return Math.log(2) / Math.log(rank + 1.0);
  }

  /**
   * nDCG of scored documents in which equal scores share their gains (McSherry and Najork,
   * Computing Information Retrieval Performance Measures Efficiently in the Presence of Tied
   * Scores, ECIR 2008); gains are the grades. 0 if no document is relevant.
   */
  public static double ndcgOfScores(double[] grades, double[] scores, int k) {
    References.requireSame("scores", grades.length, scores.length);
    int[] order = order(scores);
    double sum = 0;
    int start = 0;
    while (start < order.length) {
      int end = start;
      double gains = 0;
      double discounts = 0;
      while (end < order.length && scores[order[end]] == scores[order[start]]) {
        gains += grades[order[end]];
        discounts += end < k ? discount(end + 1) : 0;
        end++;
      }
      sum += gains / (end - start) * discounts;
      start = end;
    }
    int[] best = order(grades);
    double ideal = 0;
    for (int i = 0; i < Math.min(k, best.length); i++) {
      ideal += grades[best[i]] * discount(i + 1);
    }
    return PrecisionRecall.ratio(sum, ideal);
  }

  private static int[] order(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
