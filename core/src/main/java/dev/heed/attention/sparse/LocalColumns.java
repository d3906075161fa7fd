package dev.heed.attention.sparse;

import dev.heed.tensor.Tensor;
import java.util.function.IntBinaryOperator;

/**
 * Which keys the columns of a local attention stand for: row i of a table {@code [T, C]} names the
 * C keys that query i looks at.
 *
 * @param keys i64 {@code [T · C]}, 0 where there is none
 * @param present bool {@code [T, C]}: there is such a key
 * @param seen bool {@code [T, C]}: the column takes part in the softmax
 */
public record LocalColumns(Tensor keys, Tensor present, Tensor seen) {
  private static void require(int window, int dilation) {
    if (window < 1 || dilation < 1) {
      throw new IllegalArgumentException(
          "local window: expected a width and a dilation of at least 1, got "
              + window
              + " and "
              + dilation);
    }
  }

  /**
   * {@code window} keys on either side and the query's own, {@code dilation} apart: {@code 2 ·
   * window + 1} columns (Beltagy et al. 2020, section 3.1).
   */
  public static LocalColumns sliding(int length, int window, int dilation) {
    require(window, dilation);
    return of(length, 2 * window + 1, (i, c) -> i + dilation * (c - window));
  }

  /**
   * The blocks of {@code window} keys before the query's, its own and the one after: {@code 3 ·
   * window} columns.
   *
   * @param slidingCorners the authors' code masks the first and last rows as if the columns were a
   *     sliding window, which lets missing keys take part with a score of 0; {@code false} masks
   *     exactly the missing keys
   */
  public static LocalColumns blocks(int length, int window, boolean slidingCorners) {
    require(window, 1);
    LocalColumns exact = of(length, 3 * window, (i, c) -> (i / window - 1) * window + c);
    if (!slidingCorners) {
      return exact;
    }
    boolean[] seen = new boolean[length * 3 * window];
    for (int at = 0; at < seen.length; at++) {
      int row = at / (3 * window);
      int column = at % (3 * window);
      boolean first = row + column < window;
      boolean last = length - 1 - row + 3 * window - 1 - column < window;
      seen[at] = !first && !last;
    }
    return new LocalColumns(exact.keys, exact.present, Tensor.of(seen, length, 3L * window));
  }

  private static LocalColumns of(int length, int columns, IntBinaryOperator key) {
    long[] keys = new long[Math.multiplyExact(length, columns)];
    boolean[] present = new boolean[keys.length];
    for (int at = 0; at < keys.length; at++) {
      int wanted = key.applyAsInt(at / columns, at % columns);
      present[at] = wanted >= 0 && wanted < length;
      keys[at] = present[at] ? wanted : 0;
    }
    Tensor there = Tensor.of(present, length, columns);
    return new LocalColumns(Tensor.of(keys), there, there);
  }

  /** How many columns there are. */
  public long columns() {
    return present.size(1);
  }
}
