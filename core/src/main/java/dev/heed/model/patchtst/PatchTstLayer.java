package dev.heed.model.patchtst;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.Sublayer;
import dev.heed.model.Run;
import dev.heed.model.forecast.PatchNorm;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A layer: attention over the patches of each value, perhaps by the same maps over the values of
 * each patch, and a feed-forward network, each with a residual connection and a norm before or
 * after it.
 */
final class PatchTstLayer extends Module {
  private final boolean preNorm;
  private final Dropout dropout;
  private final SequenceMixer patches;
  private final @Nullable MultiHeadAttention values;
  private final Sublayer patchNorm;
  private final @Nullable Sublayer valueNorm;
  private final Sublayer lastNorm;
  private final FeedForward feedForward;

  PatchTstLayer(Weights weights, PatchTstConfig config) {
    super(weights);
    preNorm = config.preNorm();
    dropout = new Dropout(config.pathDropout());
    Weights maps = weights.child("self_attn");
    boolean both = config.channelAttention();
    patches = attention(maps, config);
    values = both ? attention(maps.tracedAs(weights.name("channel_attn")), config) : null;
    patchNorm = norm(weights.child("norm_sublayer1"), config);
    valueNorm = both ? norm(weights.child("norm_sublayer2"), config) : null;
    lastNorm = norm(weights.child("norm_sublayer3"), config);
    Weights inner = weights.child("ff");
    feedForward =
        new FeedForward(
            inner,
            Linear.of(inner.child("0"), config.dModel(), config.ffnDim(), config.bias()),
            Linear.of(inner.child("3"), config.ffnDim(), config.dModel(), config.bias()),
            Activation.named(config.activationFunction()),
            new Dropout(config.ffDropout()));
  }

  private PatchTstLayer(PatchTstLayer other, SequenceMixer patches) {
    super(other);
    this.patches = patches;
    preNorm = other.preNorm;
    dropout = other.dropout;
    values = other.values;
    patchNorm = other.patchNorm;
    valueNorm = other.valueNorm;
    lastNorm = other.lastNorm;
    feedForward = other.feedForward;
  }

  private static MultiHeadAttention attention(Weights weights, PatchTstConfig config) {
    return new MultiHeadAttention(
        weights,
        HeadProjections.of(weights, config.dModel()),
        config.numAttentionHeads(),
        List.of(),
        ScaledDotProduct.dropping(config.attentionDropout()));
  }

  private static Sublayer norm(Weights weights, PatchTstConfig config) {
    return PatchNorm.of(weights, config.batchNorm(), config.dModel(), config.normEps());
  }

  /** The same parameters around another mixer of patches. */
  PatchTstLayer withMixer(int number, MixerSwap swap) {
    return patches instanceof MultiHeadAttention own
        ? new PatchTstLayer(this, swap.swap(number, own))
        : this;
  }

  private record Result(Tensor states, List<Tensor> weights) {}

  /** Maps {@code [B, C, N, D]}, and gives the run the weights that it wants. */
  Tensor apply(Tensor x, Run run) {
    Result result = TensorScope.run(() -> compute(x, run));
    run.weights("attentions", result.weights().isEmpty() ? null : result.weights().getFirst());
    run.weights(
        "channel_attentions", result.weights().size() < 2 ? null : result.weights().getLast());
    return result.states();
  }

  private Result compute(Tensor x, Run run) {
    long batch = x.size(0);
    long channels = x.size(1);
    List<Tensor> seen = new ArrayList<>();
    Trace trace = run.trace();
    Tensor start = trace.visit(point("resid_pre"), x).flatten(0, 1); // [B·C, N, D]
    Tensor read = part(start, patchNorm, y -> mixed(patches, y, run, seen), trace);
    if (values != null && valueNorm != null) {
      long count = x.size(2);
      Tensor across = read.unflatten(0, batch, channels).transpose(1, 2).flatten(0, 1);
      Tensor heard = part(across, valueNorm, y -> mixed(values, y, run, seen), trace);
      read = heard.unflatten(0, batch, count).transpose(1, 2).flatten(0, 1);
    }
    Tensor last = part(read, lastNorm, y -> feedForward.apply(y, trace), trace);
    return new Result(trace.visit(point("resid_post"), last.unflatten(0, batch, channels)), seen);
  }

  private Tensor part(Tensor x, Sublayer norm, UnaryOperator<Tensor> body, Trace trace) {
    return preNorm
        ? x.add(dropout.apply(body.apply(norm.apply(x, trace)), trace))
        : norm.apply(x.add(dropout.apply(body.apply(x), trace)), trace);
  }

  private static Tensor mixed(SequenceMixer mixer, Tensor x, Run run, List<Tensor> seen) {
    AttentionOutput mixed = mixer.apply(x, run.request(null));
    if (mixed.weights() != null) {
      seen.add(mixed.weights());
    }
    return mixed.output();
  }
}
