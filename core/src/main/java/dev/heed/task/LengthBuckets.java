package dev.heed.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sorts texts by length and cuts them into batches that hardly need padding. */
final class LengthBuckets {
  /** Beyond this many tokens a batch gains nothing and leaves the processor's cache. */
  private static final int MOST_TOKENS = 2048;

  /** A text at least this long, relative to its batch's longest, joins the batch. */
  private static final double SHORTEST = 0.9;

  private LengthBuckets() {}

  /**
   * Indices of the texts, batch by batch, longest first.
   *
   * @param lengths in tokens
   */
  static List<int[]> of(int[] lengths) {
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    for (int end = 1; end <= order.length; end++) {
      if (end == order.length || startsAnother(lengths, order, start, end)) {
        batches.add(java.util.Arrays.copyOfRange(order, start, end));
        start = end;
      }
    }
    return batches;
  }

  private static boolean startsAnother(int[] lengths, int[] order, int start, int end) {
    int longest = lengths[order[start]];
    return (long) longest * (end - start + 1) > MOST_TOKENS
        || lengths[order[end]] < SHORTEST * longest;
  }
}
