package dev.heed.attention.position;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Turns scores by distance into scores by key (Dai et al. 2019, Transformer-XL, appendix B). */
public final class RelativeShift {
  private RelativeShift() {}

  /**
   * Moves row {@code i} of each matrix left by {@code Tq - 1 - i}.
   *
   * @param byDistance {@code [B, H, Tq, Tk]}: column {@code c} is for distance {@code Tk - 1 - c}
   * @return {@code [B, H, Tq, Tk]}: column {@code j} is for key {@code j}; what lies after the
   *     query's place is meaningless and must be masked
   */
  public static Tensor apply(Tensor byDistance) {
    return TensorScope.run(() -> {
      long batch = byDistance.size(0);
      long heads = byDistance.size(1);
      long queries = byDistance.size(2);
      long keys = byDistance.size(3);
      Tensor padded = byDistance.pad(0, 1, 0).reshape(batch, heads, keys + 1, queries);
      return padded.narrow(2, 1, keys).reshape(batch, heads, queries, keys);
    });
  }
}
