package dev.heed.vector;

/**
 * What is searched for.
 *
 * @param nearest how many at most, from 1
 * @param candidates that an approximate search keeps at least ({@code ef} of Malkov and Yashunin
 *     2018): more find more of the true neighbours and take longer; an exact search has no use for
 *     it
 * @param without the group that is left out, or {@link #NO_GROUP}
 */
public record Search(int nearest, int candidates, long without) {
  /** No group is left out. */
  public static final long NO_GROUP = -1;

  /** With fewer a graph's search ends too early; {@code RecallTest} measures what is found. */
  private static final int CANDIDATES = 128;

  /** Checks the numbers. */
  public Search {
    if (nearest < 1) {
      throw new IllegalArgumentException("search: expected at least 1 neighbour, got " + nearest);
    }
    if (candidates < 1) {
      throw new IllegalArgumentException(
          "search: expected at least 1 candidate, got " + candidates);
    }
  }

  /** Of any group, with 128 candidates. */
  public static Search of(int nearest) {
    return new Search(nearest, CANDIDATES, NO_GROUP);
  }

  /** The same, with at least so many candidates. */
  public Search withCandidates(int many) {
    return new Search(nearest, many, without);
  }

  /** The same, leaving a group out. */
  public Search withoutGroup(long group) {
    return new Search(nearest, candidates, group < 0 ? NO_GROUP : group);
  }

  /** How many candidates a graph has to keep. */
  int kept() {
    return Math.max(nearest, candidates);
  }
}
