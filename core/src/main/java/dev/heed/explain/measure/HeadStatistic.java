package dev.heed.explain.measure;

/**
 * A number of one query's attention; its mean over queries says what kind of head it is.
 *
 * <p>What a query has no such number for (the first query attends to none before it) is {@link
 * Double#NaN}: such queries are left out of means.
 */
@FunctionalInterface
public interface HeadStatistic {
  /** The number of one query. */
  double of(QueryAttention query);

  /** The weight on the token before it, of all queries but the first. */
  HeadStatistic PREVIOUS = atDistance(1);

  /** The weight on the token after it. Only without a causal mask. */
  HeadStatistic NEXT =
      query -> {
        requireFull(query, "the next token");
        return query.position() < query.length() - 1
            ? query.weight(query.position() + 1)
            : Double.NaN;
      };

  /** The weight on the first token, of all queries but the first: where heads go that rest. */
  HeadStatistic FIRST = query -> query.position() >= 1 ? query.weight(0) : Double.NaN;

  /** The weight on the last token, of all queries but the last. Only without a causal mask. */
  HeadStatistic LAST =
      query -> {
        requireFull(query, "the last token");
        int last = query.length() - 1;
        return query.position() < last ? query.weight(last) : Double.NaN;
      };

  /** The weight on itself. */
  HeadStatistic SELF = query -> query.weight(query.position());

  /** The weight on other tokens of the same id, of queries that see any. */
  HeadStatistic SAME_TOKEN =
      query -> {
        double sum = 0;
        boolean any = false;
        for (int key = 0; key < query.visible(); key++) {
          if (key != query.position() && query.id(key) == query.id(query.position())) {
            sum += query.weight(key);
            any = true;
          }
        }
        return any ? sum : Double.NaN;
      };

  /** The largest weight (confidence: Voita et al., ACL 2019, section 4). */
  HeadStatistic LARGEST =
      query -> {
        double largest = 0;
        for (int key = 0; key < query.visible(); key++) {
          largest = Math.max(largest, query.weight(key));
        }
        return largest;
      };

  /** How far away it looks on average, in tokens: {@code Σ_j A[i, j] |i - j|}. */
  HeadStatistic DISTANCE =
      query -> {
        double sum = 0;
        for (int key = 0; key < query.visible(); key++) {
          sum += query.weight(key) * Math.abs(query.position() - key);
        }
        return sum;
      };

  /** How widely it looks, in nats: {@code -Σ p ln p}. */
  HeadStatistic ENTROPY =
      query -> {
        double entropy = 0;
        for (int key = 0; key < query.visible(); key++) {
          double p = query.weight(key);
          entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        return entropy;
      };

  /** {@link #ENTROPY} over that of looking at all visible keys alike, of queries that see two. */
  HeadStatistic NORMALIZED_ENTROPY =
      query -> query.visible() < 2 ? Double.NaN : ENTROPY.of(query) / Math.log(query.visible());

  /** The weight on the token so many places before. */
  static HeadStatistic atDistance(int back) {
    return query -> query.position() >= back ? query.weight(query.position() - back) : Double.NaN;
  }

  /**
   * In a text that repeats its first half: the weight on what followed the earlier occurrence of
   * the same token, of all queries of the second half. Heads that look there are induction heads
   * (Olsson et al., In-context Learning and Induction Heads, 2022: prefix matching).
   *
   * @param half how long the first half is
   */
  static HeadStatistic prefixMatching(int half) {
    return query ->
        query.position() >= half ? query.weight(query.position() - half + 1) : Double.NaN;
  }

  /**
   * In such a text: the weight on the earlier occurrence itself.
   *
   * @param half how long the first half is
   */
  static HeadStatistic duplicateToken(int half) {
    return atDistance(half);
  }

  private static void requireFull(QueryAttention query, String what) {
    if (query.causal()) {
      throw new IllegalArgumentException(
          "attention to " + what + ": expected attention without a causal mask, got causal");
    }
  }
}
