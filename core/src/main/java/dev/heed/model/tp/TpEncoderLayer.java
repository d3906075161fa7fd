package dev.heed.model.tp;

import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * {@code x += attention(norm₁ x); x += feedForward(norm₂ x); norm₃ x} (Schlag et al. 2019, section
 * 2.4).
 */
public final class TpEncoderLayer extends Module {
  private final LayerNorm beforeAttention;
  private final TpAttention attention;
  private final LayerNorm beforeFeedForward;
  private final FeedForward feedForward;
  private final LayerNorm last;

  /** A layer of these sizes. */
  public TpEncoderLayer(Weights weights, long size, int heads, long filter) {
    super(weights);
    this.beforeAttention = TpLayer.norm(weights, 1, size);
    this.attention = new TpAttention(weights.child("MHA"), size, heads);
    this.beforeFeedForward = TpLayer.norm(weights, 2, size);
    this.feedForward = TpLayer.feedForward(weights, size, filter);
    this.last = TpLayer.norm(weights, 3, size);
  }

  /**
   * One layer.
   *
   * @param x {@code [B, T, size]}
   * @param mask bool, broadcasts to {@code [B, heads, T, T]}
   */
  public Tensor apply(Tensor x, Tensor mask, Trace trace) {
    return TensorScope.run(() -> {
      Tensor read = beforeAttention.apply(x);
      Tensor attended = x.add(attention.apply(read, read, mask, trace));
      Tensor fed = feedForward.apply(beforeFeedForward.apply(attended), trace);
      return last.apply(attended.add(fed));
    });
  }
}
