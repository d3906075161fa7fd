package dev.heed.attention.position;

import dev.heed.nn.Linear;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Relative positions of sequences that are read in both directions: scores {@code (q_i + u) · k_j +
 * (q_i + v) · W·r[i - j]} with sinusoids r of the distance (Dai et al. 2019, "Transformer-XL",
 * section 3.3; Gulati et al. 2020, "Conformer", section 2.1).
 *
 * @param map W, from sinusoids to heads side by side
 * @param contentBias u {@code [H, D]}
 * @param positionBias v {@code [H, D]}
 */
public record RelativeSinusoids(Linear map, Tensor contentBias, Tensor positionBias) {
  /**
   * What is added to {@code q · k} before scores are scaled.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, H, Tk, D]}
   * @return {@code [B, H, Tq, Tk]}
   */
  public Tensor scores(Tensor q, Tensor k) {
    long heads = q.size(1);
    long size = q.size(3);
    long keys = k.size(2);
    return TensorScope.run(() -> {
      Tensor rows =
          SinusoidalPositions.PAPER.table(1 - keys, 2 * keys - 1, heads * size, q.dtype());
      Tensor distances = map.apply(rows).unflatten(-1, heads, size).transpose(0, 1);
      Tensor byDistance = q.add(positionBias.unsqueeze(1)).matmul(distances.transpose(-1, -2));
      // Row 0 of the sinusoids is the key that is farthest ahead.
      Tensor row = RelativeDistance.of(q.size(2), keys).neg().add(keys - 1);
      Tensor ofKeys = contentBias.unsqueeze(1).matmul(k.transpose(-1, -2)); // [B, H, 1, Tk]
      return RelativeDistance.pick(byDistance, row).add(ofKeys);
    });
  }
}
