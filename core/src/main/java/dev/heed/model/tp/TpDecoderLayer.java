package dev.heed.model.tp;

import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * {@code x += self(norm₁ x); x += cross(norm₂ x, encoded); x += feedForward(norm₃ x); norm₄ x}
 * (Schlag et al. 2019, section 2.4).
 */
public final class TpDecoderLayer extends Module {
  private final LayerNorm beforeSelf;
  private final TpAttention self;
  private final LayerNorm beforeCross;
  private final TpAttention cross;
  private final LayerNorm beforeFeedForward;
  private final FeedForward feedForward;
  private final LayerNorm last;

  /** A layer of these sizes. */
  public TpDecoderLayer(Weights weights, long size, int heads, long filter) {
    super(weights);
    this.beforeSelf = TpLayer.norm(weights, 1, size);
    this.self = new TpAttention(weights.child("selfAttn"), size, heads);
    this.beforeCross = TpLayer.norm(weights, 2, size);
    this.cross = new TpAttention(weights.child("encAttn"), size, heads);
    this.beforeFeedForward = TpLayer.norm(weights, 3, size);
    this.feedForward = TpLayer.feedForward(weights, size, filter);
    this.last = TpLayer.norm(weights, 4, size);
  }

  /**
   * One layer.
   *
   * @param x {@code [B, T, size]}
   * @param encoded the encoder's result {@code [B, S, size]}
   * @param selfMask which targets see which
   * @param crossMask bool, broadcasts to {@code [B, heads, T, S]}
   */
  public Tensor apply(
      Tensor x, Tensor encoded, TargetMask selfMask, Tensor crossMask, Trace trace) {
    return TensorScope.run(() -> {
      Tensor own = beforeSelf.apply(x);
      Tensor attended = x.add(self.apply(own, own, selfMask.mayAttend(), selfMask.alike(), trace));
      Tensor read =
          attended.add(cross.apply(beforeCross.apply(attended), encoded, crossMask, trace));
      return last.apply(read.add(feedForward.apply(beforeFeedForward.apply(read), trace)));
    });
  }
}
