package dev.heed.attention.position;

import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Relative positions that meet content through maps of their own: {@code q_i · K·p[δ(i - j)] + k_j
 * · Q·p[δ(i - j)]}, content to position and position to content (He et al. 2021, "DeBERTa", section
 * 3.1, equation 4). Positions never meet each other.
 *
 * @param table p {@code [2·span, size]}, asked for anew in every call
 * @param dropout of the table while training
 * @param distances δ, which row stands for a distance
 * @param keys K, from positions to heads side by side, or null for no content-to-position term
 * @param queries Q, or null for no position-to-content term
 */
public record DisentangledPositions(
    Supplier<Tensor> table,
    Dropout dropout,
    DistanceBuckets distances,
    @Nullable Linear keys,
    @Nullable Linear queries) {
  /**
   * What positions add to the scores before they are scaled.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, H, Tk, D]}
   * @param trace whether the run trains
   * @return {@code [B, H, Tq, Tk]}
   */
  public Tensor scores(Tensor q, Tensor k, Trace trace) {
    return TensorScope.run(() -> {
      Tensor rows = distances.rows(q.size(2), k.size(2)); // [Tq, Tk]
      Tensor positions = dropout.apply(table.get(), trace);
      Tensor sum = null;
      if (keys != null) {
        sum = meet(q, heads(keys.apply(positions), q.size(1)), rows);
      }
      if (queries != null) {
        Tensor ofKeys = meet(k, heads(queries.apply(positions), k.size(1)), rows.transpose(0, 1));
        sum = sum == null ? ofKeys.transpose(-1, -2) : sum.add(ofKeys.transpose(-1, -2));
      }
      return sum == null ? Tensor.zeros(Shape.of(1, 1, q.size(2), k.size(2)), q.dtype()) : sum;
    });
  }

  /** {@code [P, H·D]} to {@code [H, P, D]}. */
  private static Tensor heads(Tensor positions, long heads) {
    return positions.unflatten(-1, heads, positions.size(-1) / heads).transpose(0, 1);
  }

  /** {@code x_i · p[rows[i, j]]}: {@code [B, H, Ti, Tj]}. */
  private static Tensor meet(Tensor x, Tensor positions, Tensor rows) {
    return RelativeDistance.pick(x.matmul(positions.transpose(-1, -2)), rows); // of [B, H, Ti, P]
  }
}
