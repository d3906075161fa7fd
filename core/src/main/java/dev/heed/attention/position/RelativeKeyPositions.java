package dev.heed.attention.position;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Relative positions in the scores only, without clipping: {@code q_i · e[i - j + max - 1]}, and
 * with keys also {@code k_j · e[i - j + max - 1]} (Huang et al. 2020, methods 3 and 4; BERT's
 * {@code relative_key} and {@code relative_key_query}).
 *
 * @param table e {@code [2·max - 1, D]}, shared by the heads
 * @param withKeys whether keys meet the table as well
 */
public record RelativeKeyPositions(Tensor table, boolean withKeys) {
  /**
   * What positions add to the scores before they are scaled.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, H, Tk, D]}
   * @return {@code [B, H, Tq, Tk]}
   * @throws ShapeException if the sequence is longer than the table allows
   */
  public Tensor scores(Tensor q, Tensor k) {
    long max = (table.size(0) + 1) / 2;
    if (q.size(2) > max || k.size(2) > max) {
      throw new ShapeException(
          "relative key positions: expected at most "
              + max
              + " positions, got "
              + Math.max(q.size(2), k.size(2)));
    }
    return TensorScope.run(() -> {
      Tensor indices = RelativeDistance.of(q.size(2), k.size(2)).neg().add(max - 1);
      Tensor rows = RelativeDistance.rows(table, indices);
      Tensor ofQueries = Tensor.einsum("bhqd,qkd->bhqk", q, rows);
      return withKeys ? ofQueries.add(Tensor.einsum("bhkd,qkd->bhqk", k, rows)) : ofQueries;
    });
  }
}
