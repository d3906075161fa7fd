package dev.heed.attention.position;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Relative positions by vectors that queries meet: {@code q_i · e[clip(j - i, -left, right) +
 * left]} (Shaw et al. 2018, equation 3 without values), which reach as far as wanted to each side.
 *
 * @param table e {@code [left + right + 1, D]}, shared by the heads
 * @param left the farthest distance to keys before a query that has a vector of its own
 * @param right the same for keys after it
 */
public record ClippedKeyPositions(Tensor table, long left, long right) {
  /** Checks the table's size. */
  public ClippedKeyPositions {
    if (table.rank() != 2 || table.size(0) != left + right + 1) {
      throw new ShapeException(
          "clipped key positions: expected a table ["
              + (left + right + 1)
              + ", D], got "
              + table.describe());
    }
  }

  /**
   * What positions add to the scores before they are scaled.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param keys Tk
   * @return {@code [B, H, Tq, Tk]}
   */
  public Tensor scores(Tensor q, long keys) {
    return TensorScope.run(() ->
        RelativeDistance.pick(
            q.matmul(table.transpose(0, 1)),
            RelativeDistance.of(q.size(2), keys).clamp(-left, right).add(left)));
  }
}
