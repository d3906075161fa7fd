package dev.heed.attention.score;

import dev.heed.attention.position.Grid;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;

/**
 * Biases of scores between the places of an image, learned for each head and each difference of two
 * places: {@code score + table[place i - place j][head]} (Liu et al. 2021, section 3.2, "Relative
 * position bias"; BEiT, Bao et al. 2022; CoAtNet, Dai et al. 2021, equation 3).
 */
public final class GridBias {
  /** Rows of the table for a class token: as query, as key, and with itself. */
  private static final int OF_CLASS_TOKEN = 3;

  private GridBias() {}

  /**
   * The biases of a grid written down.
   *
   * @param table {@code [(2·height - 1)·(2·width - 1), H]}, a row for each difference, from the
   *     smallest of rows, then of columns
   * @return {@code [1, H, places, places]}, part of the graph of gradients, owned by the current
   *     scope
   * @throws ShapeException if the table is of another grid
   */
  public static Tensor written(Tensor table, Grid grid) {
    require(table, grid.offsets(), grid);
    return of(table, grid.offsetOfPairs(), grid.places());
  }

  /**
   * The same with a class token in front of the places.
   *
   * @param table {@code [(2·height - 1)·(2·width - 1) + 3, H]}: the last rows are those from the
   *     class token to a place, from a place to it, and from it to itself
   * @return {@code [1, H, 1 + places, 1 + places]}
   */
  public static Tensor writtenWithClassToken(Tensor table, Grid grid) {
    int offsets = grid.offsets();
    require(table, offsets + OF_CLASS_TOKEN, grid);
    int places = grid.places();
    int tokens = places + 1;
    long[] between = grid.offsetOfPairs();
    long[] pairs = new long[Math.multiplyExact(tokens, tokens)];
    Arrays.fill(pairs, 0, tokens, offsets);
    pairs[0] = offsets + 2L;
    for (int i = 0; i < places; i++) {
      int row = (i + 1) * tokens;
      pairs[row] = offsets + 1L;
      System.arraycopy(between, i * places, pairs, row + 1, places);
    }
    return of(table, pairs, tokens);
  }

  private static void require(Tensor table, int rows, Grid grid) {
    if (table.rank() != 2 || table.size(0) != rows) {
      throw new ShapeException(
          "grid bias of " + grid + ": expected a table [" + rows + ", H], got " + table.describe());
    }
  }

  /** {@code [1, H, T, T]}. */
  private static Tensor of(Tensor table, long[] pairs, int tokens) {
    return TensorScope.run(() ->
        table
            .indexSelect(0, Tensor.of(pairs, pairs.length))
            .transpose(0, 1)
            .unflatten(1, tokens, tokens)
            .unsqueeze(0));
  }
}
