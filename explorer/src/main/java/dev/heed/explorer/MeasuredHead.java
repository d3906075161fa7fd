package dev.heed.explorer;

import dev.heed.explain.AttentionMap;
import dev.heed.explain.HeadProbe;
import dev.heed.explain.measure.HeadStatistic;
import dev.heed.explain.measure.QueryAttention;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * A head, measured on one text.
 *
 * @param layer from 0
 * @param head from 0
 * @param kind {@code induction} or {@code coreference} if the head does that; else the pattern with
 *     the highest score, if that is {@value #TELLING} or more; else {@code broad} or {@code mixed}
 * @param score of that kind
 * @param scores every pattern's mean weight over the queries that can have it, and the entropy over
 *     that of looking at all alike; those that no query can have are left out; and what {@link
 *     HeadProbe} finds of it
 * @param thumbnail the map, smaller: the largest weight of each tile
 */
record MeasuredHead(
    int layer,
    int head,
    String kind,
    double score,
    SequencedMap<String, Double> scores,
    float[][] thumbnail) {
  /** A head is called by a pattern that has at least so much of its weight on average. */
  static final double TELLING = 0.4;

  /** Of this much of the highest entropy that there can be, a head looks everywhere. */
  private static final double BROAD = 0.9;

  private static final String COREFERENCE = "coreference";

  /** So much a pronoun must give the noun that it stands for. */
  private static final double REFERRING = 0.25;

  /** A head that gives the wrong noun half as much or more does not tell which is meant. */
  private static final double TWICE = 2;

  private static final int SIDE = 24;
  private static final String SPREAD = "spread";

  /** Every head of a map, layer by layer, with what it does on texts that were made to tell. */
  static List<MeasuredHead> all(AttentionMap map, HeadProbe probe) {
    boolean causal = causal(map);
    SequencedMap<String, HeadStatistic> statistics = statistics(map, causal);
    long[] ids = ids(map);
    int heads = map.heads();
    return IntStream.range(0, map.layers() * heads)
        .parallel()
        .mapToObj(i -> of(map, i / heads, i % heads, causal, statistics, ids, probe))
        .toList();
  }

  private static MeasuredHead of(
      AttentionMap map,
      int layer,
      int head,
      boolean causal,
      SequencedMap<String, HeadStatistic> statistics,
      long[] ids,
      HeadProbe probe) {
    float[][] rows = map.weights()[layer][head];
    SequencedMap<String, Double> scores = new LinkedHashMap<>();
    String kind = "mixed";
    double best = 0;
    double[] means = means(rows, causal, ids, List.copyOf(statistics.values()));
    int at = 0;
    for (String name : statistics.sequencedKeySet()) {
      double mean = means[at++];
      if (Double.isNaN(mean)) {
        continue;
      }
      scores.put(name, mean);
      if (!name.equals(SPREAD) && mean >= TELLING && mean > best) {
        kind = name;
        best = mean;
      }
    }
    SequencedMap<String, Double> probed = probed(probe, layer, head);
    scores.putAll(probed);
    // What a head does is told before where it rests.
    if (probed.getOrDefault("induction", 0.0) >= TELLING) {
      kind = "induction";
    } else if (probed.getOrDefault(COREFERENCE, 0.0) >= REFERRING) {
      kind = COREFERENCE;
    }
    best = probed.getOrDefault(kind, best);
    double spread = scores.getOrDefault(SPREAD, 0.0);
    if (best == 0) {
      best = spread;
      kind = spread >= BROAD ? "broad" : kind;
    }
    return new MeasuredHead(layer, head, kind, best, scores, AttentionMap.shrink(rows, SIDE));
  }

  /** Of the pronouns' nouns the right one counts only so far as it gets more than the other. */
  private static SequencedMap<String, Double> probed(HeadProbe probe, int layer, int head) {
    SequencedMap<String, Double> scores = new LinkedHashMap<>();
    if (probe.induction().length > 0) {
      scores.put("induction", probe.induction()[layer][head]);
      scores.put("duplicate", probe.duplicate()[layer][head]);
    }
    double right = probe.antecedent()[layer][head];
    double wrong = probe.other()[layer][head];
    scores.put(COREFERENCE, right >= TWICE * wrong ? right : 0);
    return scores;
  }

  /** Of each statistic the mean over the queries that have it. */
  private static double[] means(
      float[][] rows, boolean causal, long[] ids, List<HeadStatistic> statistics) {
    double[] sums = new double[statistics.size()];
    int[] counts = new int[sums.length];
    double[] weights = new double[rows.length];
    for (int query = 0; query < rows.length; query++) {
      for (int key = 0; key < weights.length; key++) {
        weights[key] = rows[query][key];
      }
      QueryAttention attention = new QueryAttention(weights, 0, query, rows.length, causal, ids);
      for (int i = 0; i < sums.length; i++) {
        double value = statistics.get(i).of(attention);
        if (!Double.isNaN(value)) {
          sums[i] += value;
          counts[i]++;
        }
      }
    }
    Arrays.setAll(sums, i -> counts[i] == 0 ? Double.NaN : sums[i] / counts[i]);
    return sums;
  }

  private static SequencedMap<String, HeadStatistic> statistics(AttentionMap map, boolean causal) {
    SequencedMap<String, HeadStatistic> all = new LinkedHashMap<>();
    all.put("previous", HeadStatistic.PREVIOUS);
    if (!causal) {
      all.put("next", HeadStatistic.NEXT);
    }
    all.put("first", HeadStatistic.FIRST);
    if (!causal) {
      all.put("last", HeadStatistic.LAST);
    }
    all.put("self", HeadStatistic.SELF);
    all.put("same", HeadStatistic.SAME_TOKEN);
    boolean[] signs = new boolean[map.size()];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = !map.units().get(i).special() && !map.units().get(i).hasMeaning();
    }
    all.put("punctuation", query -> punctuation(signs, query));
    all.put(SPREAD, HeadStatistic.NORMALIZED_ENTROPY);
    return all;
  }

  private static double punctuation(boolean[] signs, QueryAttention query) {
    double sum = Double.NaN;
    for (int key = 0; key < query.visible(); key++) {
      if (signs[key]) {
        sum = (Double.isNaN(sum) ? 0 : sum) + query.weight(key);
      }
    }
    return sum;
  }

  /** Whether no query of any head sees what comes after it. */
  private static boolean causal(AttentionMap map) {
    for (float[][][] layer : map.weights()) {
      for (float[][] head : layer) {
        for (int query = 0; query < head.length; query++) {
          for (int key = query + 1; key < head.length; key++) {
            if (head[query][key] != 0) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  /** One number for each spelling, in any case. */
  private static long[] ids(AttentionMap map) {
    Map<String, Long> numbers = new HashMap<>();
    long[] ids = new long[map.size()];
    for (int i = 0; i < ids.length; i++) {
      String text = map.units().get(i).text().toLowerCase(Locale.ROOT);
      ids[i] = numbers.computeIfAbsent(text, any -> (long) numbers.size());
    }
    return ids;
  }
}
