package dev.heed.model.patchtsmixer;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.model.Run;
import dev.heed.model.patchtsmixer.MixingPart.States;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A layer: mixes perhaps values, then patches, then the numbers of each patch's vector. */
final class MixerLayer extends Module {
  private final @Nullable MixingPart values;
  private final MixingPart patches;
  private final MixingPart features;
  private final @Nullable SequenceMixer attention;
  private final @Nullable States attentionNorm;

  MixerLayer(Weights weights, MixerConfig config, int patches) {
    super(weights);
    this.values =
        config.mixesValues()
            ? new MixingPart(
                weights.child("channel_feature_mixer"), config, config.numInputChannels())
            : null;
    Weights own = weights.child("patch_mixer");
    this.patches = new MixingPart(own, config, patches);
    this.features = new MixingPart(weights.child("feature_mixer"), config, config.dModel());
    this.attention = config.selfAttn() ? attention(own.child("self_attn_layer"), config) : null;
    this.attentionNorm =
        config.selfAttn() ? MixingPart.norm(own.child("norm_attn.norm"), config) : null;
  }

  private MixerLayer(MixerLayer other, SequenceMixer attention) {
    super(other);
    this.values = other.values;
    this.patches = other.patches;
    this.features = other.features;
    this.attention = attention;
    this.attentionNorm = other.attentionNorm;
  }

  private static MultiHeadAttention attention(Weights weights, MixerConfig config) {
    return new MultiHeadAttention(
        weights,
        HeadProjections.of(weights, config.dModel()),
        config.selfAttnHeads(),
        List.of(),
        ScaledDotProduct.dropping(config.dropout()));
  }

  /** The same parameters around another mixer of patches, where there is attention. */
  MixerLayer withMixer(int number, MixerSwap swap) {
    return attention instanceof MultiHeadAttention own
        ? new MixerLayer(this, swap.swap(number, own))
        : this;
  }

  private record Result(Tensor states, @Nullable Tensor weights) {}

  /** Maps {@code [B, C, N, D]}, and gives the run the weights that it wants. */
  Tensor apply(Tensor x, Run run) {
    Result result = TensorScope.run(() -> compute(x, run));
    run.weights("attentions", result.weights());
    return result.states();
  }

  private Result compute(Tensor x, Run run) {
    Trace trace = run.trace();
    Tensor hidden = trace.visit(point("resid_pre"), x);
    if (values != null) {
      Tensor normed = values.normed(hidden, trace).permute(0, 3, 2, 1); // [B, D, N, C]
      Tensor mixed = values.mixed(values.gated(normed), trace).permute(0, 3, 2, 1);
      hidden = hidden.add(mixed);
    }
    Tensor normed = patches.normed(hidden, trace);
    Tensor across = patches.gated(patches.mixed(normed.transpose(2, 3), trace)).transpose(2, 3);
    Tensor weights = null;
    if (attention != null && attentionNorm != null) {
      AttentionOutput seen = attention.apply(normed.flatten(0, 1), run.request(null));
      Tensor read = seen.output().unflatten(0, x.size(0), x.size(1));
      across = attentionNorm.apply(across.add(read), trace);
      weights = seen.weights();
    }
    hidden = hidden.add(across);
    Tensor within = features.gated(features.mixed(features.normed(hidden, trace), trace));
    return new Result(trace.visit(point("resid_post"), hidden.add(within)), weights);
  }
}
