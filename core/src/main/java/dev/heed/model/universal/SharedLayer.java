package dev.heed.model.universal;

import dev.heed.model.universal.UniversalConfig.Variant;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** The one layer that all steps share: attention, then the transition. */
final class SharedLayer extends Module {
  private final StateAttention attention;
  private final StateNorm attentionNorm;
  private final Transition transition;
  private final StateNorm transitionNorm;
  private final Variant variant;

  SharedLayer(Weights weights, UniversalConfig config) {
    super(weights);
    long size = config.size();
    this.variant = config.variant();
    this.attention =
        new StateAttention(weights.child("multi_head_attention"), size, config.heads());
    this.attentionNorm = new StateNorm(weights.child("layer_norm_mha"), size, variant);
    this.transition = new Transition(weights.child("positionwise_feed_forward"), config);
    this.transitionNorm = new StateNorm(weights.child("layer_norm_ffn"), size, variant);
  }

  Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> {
      if (variant == Variant.PYTORCH) {
        Tensor attended = x.add(attention.apply(attentionNorm.apply(x), trace));
        return attended.add(transition.apply(transitionNorm.apply(attended)));
      }
      Tensor attended = attentionNorm.apply(x.add(attention.apply(x, trace)));
      return transitionNorm.apply(attended.add(transition.apply(attended)));
    });
  }
}
