package dev.heed.model.retro;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** {@code x + W₂ gelu(W₁ norm(x) + b₁) + b₂}, four times as wide inside. */
final class RetroFeedForward extends Module {
  private final RetroNorm norm;
  private final Linear inner;
  private final Linear outer;

  RetroFeedForward(Weights weights, long size) {
    super(weights);
    this.norm = new RetroNorm(weights.child("norm"), size);
    this.inner = Linear.of(weights.child("fn.ff.0"), size, 4 * size);
    this.outer = Linear.of(weights.child("fn.ff.3"), 4 * size, size);
  }

  Tensor apply(Tensor x) {
    return TensorScope.run(() -> x.add(outer.apply(inner.apply(norm.apply(x)).gelu(false))));
  }
}
