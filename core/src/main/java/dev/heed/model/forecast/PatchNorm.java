package dev.heed.model.forecast;

import dev.heed.attention.Sublayer;
import dev.heed.nn.BatchNorm;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;

/** The norms of patch models: over a batch, or over each patch's vector. */
public final class PatchNorm {
  private PatchNorm() {}

  /**
   * A norm of {@code [B, N, D]}.
   *
   * @param weights for {@code batchnorm} below it, or a layer norm there
   */
  public static Sublayer of(Weights weights, boolean batch, long size, double epsilon) {
    if (batch) {
      BatchNorm norm = new BatchNorm(weights.child("batchnorm"), size, epsilon);
      return (x, trace) -> norm.apply(x.transpose(1, 2), trace).transpose(1, 2);
    }
    LayerNorm norm = new LayerNorm(weights, size, epsilon);
    return (x, trace) -> norm.apply(x);
  }
}
