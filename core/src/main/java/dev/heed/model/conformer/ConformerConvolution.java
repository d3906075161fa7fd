package dev.heed.model.conformer;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.StatefulMixer;
import dev.heed.model.wav2vec2.SpeechAdapter;
import dev.heed.nn.Activation;
import dev.heed.nn.BatchNorm;
import dev.heed.nn.Conv1d;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A Conformer's convolution (Gulati et al. 2020, section 2.2): a gated map, a convolution of each
 * channel, a norm, an activation, a map.
 */
final class ConformerConvolution extends Module implements StatefulMixer {
  private static final double EPSILON = 1e-5;

  private final LayerNorm first;
  private final Conv1d into;
  private final Conv1d channels;
  private final BiFunction<Tensor, Trace, Tensor> norm;
  private final Activation activation;
  private final Conv1d out;
  private final long before;
  private final boolean hidesPadding;

  /** Which of the two kinds. */
  enum Kind {
    /** Sees both sides, normalises over the batch. */
    CENTRED,
    /** Sees what came before, normalises over channels, and does not see padding. */
    CAUSAL
  }

  ConformerConvolution(Weights weights, ConformerConfig config, Kind kind) {
    super(weights);
    boolean causal = kind == Kind.CAUSAL;
    long size = config.hiddenSize();
    long width = config.convDepthwiseKernelSize();
    double epsilon = causal ? config.layerNormEps() : EPSILON;
    first = new LayerNorm(weights.child("layer_norm"), size, epsilon);
    into = new Conv1d(weights.child("pointwise_conv1"), size, 2 * size, 1, Geometry.PLAIN, false);
    before = causal ? width - 1 : 0;
    hidesPadding = causal;
    channels =
        new Conv1d(
            weights.child("depthwise_conv"),
            size,
            size,
            width,
            new Geometry(1, causal ? 0 : width / 2, 1, size),
            false);
    norm = norm(weights, size, causal, epsilon);
    activation = Activation.named(config.hiddenAct());
    out = new Conv1d(weights.child("pointwise_conv2"), size, size, 1, Geometry.PLAIN, false);
  }

  private static BiFunction<Tensor, Trace, Tensor> norm(
      Weights weights, long size, boolean causal, double epsilon) {
    if (!causal) {
      return new BatchNorm(weights.child("batch_norm"), size)::apply;
    }
    LayerNorm over = new LayerNorm(weights.child("depthwise_layer_norm"), size, epsilon);
    return (x, trace) -> over.apply(x.transpose(1, 2)).transpose(1, 2);
  }

  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor normed = first.apply(x);
      Tensor seen =
          keep == null || !hidesPadding ? normed : normed.maskedFill(keep.not().unsqueeze(-1), 0);
      Tensor gated = SpeechAdapter.gated(into.apply(seen.transpose(1, 2)));
      Tensor mixed = channels.apply(before == 0 ? gated : gated.pad(0, before, 0));
      Tensor active = activation.apply(norm.apply(mixed, request.trace()));
      return out.apply(active).transpose(1, 2);
    });
  }
}
