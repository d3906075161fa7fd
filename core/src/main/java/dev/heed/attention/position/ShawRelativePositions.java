package dev.heed.attention.position;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Relative positions by vectors added to keys and values: {@code e_ij = q_i · (k_j + aK[clip(j -
 * i)])}, {@code y_i = Σ_j w_ij (v_j + aV[clip(j - i)])} (Shaw et al. 2018, equations 3 and 4). The
 * tables are shared by the heads.
 *
 * @param keys aK {@code [2·max + 1, D]}
 * @param values aV {@code [2·max + 1, Dv]}; may be the same table
 */
public record ShawRelativePositions(Tensor keys, Tensor values) {
  /** Checks that both tables have the same odd number of rows. */
  public ShawRelativePositions {
    if (keys.size(0) % 2 == 0 || keys.size(0) != values.size(0)) {
      throw new ShapeException(
          "Shaw positions: expected tables of 2·max + 1 rows each, got "
              + keys.describe()
              + " and "
              + values.describe());
    }
  }

  /**
   * What positions add to the scores: {@code q_i · aK[clip(j - i)]}.
   *
   * @param q {@code [B, H, Tq, D]}, scaled if the scores are
   * @param length of the keys Tk
   * @return {@code [B, H, Tq, Tk]}
   */
  public Tensor scores(Tensor q, long length) {
    return TensorScope.run(() -> Tensor.einsum("bhqd,qkd->bhqk", q, rows(keys, q.size(2), length)));
  }

  /**
   * What positions add to the output: {@code Σ_j w_ij aV[clip(j - i)]}.
   *
   * @param weights {@code [B, H, Tq, Tk]}
   * @return {@code [B, H, Tq, Dv]}
   */
  public Tensor output(Tensor weights) {
    return TensorScope.run(() ->
        Tensor.einsum("bhqk,qkd->bhqd", weights, rows(values, weights.size(2), weights.size(3))));
  }

  private static Tensor rows(Tensor table, long queries, long length) {
    long max = table.size(0) / 2;
    Tensor clipped = RelativeDistance.of(queries, length).clamp(-max, max).add(max);
    return RelativeDistance.rows(table, clipped);
  }
}
