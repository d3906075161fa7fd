package dev.heed.attention;

import dev.heed.tensor.Tensor;

/** How queries read keys and values. */
@FunctionalInterface
public interface AttentionMechanism {
  /**
   * Reads.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, Hkv, Tk, D]}; query head {@code h} reads key head {@code h / (H / Hkv)}
   * @param v {@code [B, Hkv, Tk, Dv]}
   * @param request mask, score changes, and whether weights are wanted
   * @return output {@code [B, H, Tq, Dv]}, owned by the current scope
   * @throws dev.heed.tensor.ShapeException if the shapes do not fit
   * @throws UnsupportedOperationException if the mechanism cannot do what is asked, for example a
   *     mask that it has no meaning for
   */
  AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request);
}
