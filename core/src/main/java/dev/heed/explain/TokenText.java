package dev.heed.explain;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A text as a model reads it, without padding.
 *
 * @param ids of its tokens
 * @param types of its tokens, as many
 */
public record TokenText(long[] ids, long[] types) {
  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if they differ
   */
  public TokenText {
    if (ids.length != types.length) {
      throw new IllegalArgumentException(
          "text: expected a type for each token, got " + types.length + " for " + ids.length);
    }
  }

  /** How many tokens there are. */
  public int size() {
    return ids.length;
  }

  /** The same with a mask in some places. */
  TokenText masked(boolean[] places, long mask) {
    long[] changed = ids.clone();
    Arrays.setAll(changed, i -> places[i] ? mask : ids[i]);
    return new TokenText(changed, types);
  }

  /** The same without the tokens of some places; later ones move up, with their types. */
  TokenText without(boolean[] places) {
    int[] kept = IntStream.range(0, ids.length).filter(i -> !places[i]).toArray();
    return new TokenText(
        IntStream.of(kept).mapToLong(i -> ids[i]).toArray(),
        IntStream.of(kept).mapToLong(i -> types[i]).toArray());
  }
}
