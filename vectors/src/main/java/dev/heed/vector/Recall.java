package dev.heed.vector;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How much of what is truly nearest an approximate store finds. */
public final class Recall {
  private Recall() {}

  /**
   * The share of the {@code search.nearest()} true neighbours that are found, over all queries.
   *
   * @param exact holds the same vectors under the same names
   * @param approximate is measured
   * @param queries at least one
   * @param search for both
   * @return from 0 to 1
   */
  public static double of(
      VectorStore exact, VectorStore approximate, List<float[]> queries, Search search) {
    long wanted = 0;
    long found = 0;
    for (float[] query : queries) {
      Set<Long> truth = new HashSet<>();
      exact.nearest(query, search).forEach(near -> truth.add(near.id()));
      wanted += truth.size();
      found +=
          approximate.nearest(query, search).stream()
              .filter(near -> truth.contains(near.id()))
              .count();
    }
    if (wanted == 0) {
      throw new IllegalArgumentException("recall: expected queries that have neighbours, got none");
    }
    return (double) found / wanted;
  }
}
