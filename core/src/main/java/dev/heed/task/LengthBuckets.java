package dev.heed.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sorts texts by length and cuts them into batches of about as many tokens. */
final class LengthBuckets {
  /** Beyond this many tokens a batch gains nothing and leaves the processor's cache. */
  private static final int MOST_TOKENS = 2048;

  /** Below this many tokens reading the weights takes longer than the products. */
  private static final int FEWEST_TOKENS = 256;

  private LengthBuckets() {}

  /**
   * Indices of the texts, batch by batch, longest first.
   *
   * @param lengths in tokens
   * @param threads that take batches: there are some for each, if there are tokens enough
   */
  static List<int[]> of(int[] lengths, int threads) {
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    long most = mostTokens(Arrays.stream(lengths).asLongStream().sum(), threads);
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    long tokens = 0;
    for (int end = 0; end < order.length; end++) {
      if (end > start && tokens + lengths[order[end]] > most) {
        batches.add(Arrays.copyOfRange(order, start, end));
        start = end;
        tokens = 0;
      }
      tokens += lengths[order[end]];
    }
    if (start < order.length) {
      batches.add(Arrays.copyOfRange(order, start, order.length));
    }
    return batches;
  }

  private static long mostTokens(long all, int threads) {
    long rounds = threads == 1 ? 1 : 2;
    long share = Math.ceilDiv(all, rounds * threads);
    return Math.clamp(share, FEWEST_TOKENS, MOST_TOKENS);
  }
}
