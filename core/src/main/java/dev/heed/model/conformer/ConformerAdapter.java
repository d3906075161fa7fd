package dev.heed.model.conformer;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.Default;
import dev.heed.model.Run;
import dev.heed.model.wav2vec2.SpeechAdapter;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Layers that shorten what the others give: attention over pooled states beside pooled states, then
 * a feed-forward part.
 */
final class ConformerAdapter extends Module {
  private final Norm entrance;
  private final List<Layer> layers;
  private final int kernel;
  private final int stride;
  private final Dropout dropout;

  /**
   * What a config says besides {@link SpeechAdapter.Config}.
   *
   * @param adapterAct between the maps of the feed-forward part
   */
  record Choice(@Default("relu") String adapterAct) {}

  private record Layer(
      LayerNorm residualNorm,
      Conv1d residual,
      LayerNorm norm,
      Conv1d pooled,
      MultiHeadAttention attention,
      LayerNorm lastNorm,
      FeedForward network) {}

  ConformerAdapter(
      Weights weights,
      ConformerConfig config,
      SpeechAdapter.Config sizes,
      Choice choice,
      ConformerLayers plan) {
    super(weights);
    kernel = sizes.adapterKernelSize();
    stride = sizes.adapterStride();
    dropout = new Dropout(config.conformerConvDropout());
    double epsilon = config.layerNormEps();
    entrance = SpeechAdapter.entrance(weights, sizes, epsilon);
    int size = sizes.size();
    layers =
        IntStream.range(0, sizes.numAdapterLayers())
            .mapToObj(i -> {
              Weights own = weights.child("layers", i);
              return new Layer(
                  new LayerNorm(own.child("residual_layer_norm"), size, epsilon),
                  pool(own.child("residual_conv"), size),
                  new LayerNorm(own.child("self_attn_layer_norm"), size, epsilon),
                  pool(own.child("self_attn_conv"), size),
                  plan.attention(own.child("self_attn"), size),
                  new LayerNorm(own.child("ffn_layer_norm"), size, epsilon),
                  plan.feedForward(own.child("ffn"), choice.adapterAct(), size));
            })
            .toList();
  }

  private Conv1d pool(Weights weights, int size) {
    return new Conv1d(
        weights, size, 2L * size, kernel, new Geometry(stride, stride / 2, 1, 1), true);
  }

  /** How many states come of so many, i64 of the same shape. */
  Tensor states(Tensor frames) {
    Tensor count = frames;
    for (int i = 0; i < layers.size(); i++) {
      count = shorter(count);
    }
    return count;
  }

  private Tensor shorter(Tensor counts) {
    return counts.add(2.0 * (kernel / 2) - kernel).floorDiv(stride).add(1);
  }

  /**
   * Shortens.
   *
   * @param x {@code [B, T, H]}
   * @param counts how many states each sound has, i64 {@code [B]}, or null for all
   * @return {@code [B, fewer, size]}
   */
  Tensor apply(Tensor x, @Nullable Tensor counts, Run run) {
    return TensorScope.run(() -> {
      Tensor states = entrance.apply(x);
      Tensor there = counts;
      for (Layer layer : layers) {
        there = there == null ? null : shorter(there);
        states = apply(layer, states, there, run);
      }
      return states;
    });
  }

  private Tensor apply(Layer layer, Tensor x, @Nullable Tensor counts, Run run) {
    Tensor beside = pooled(layer.residual(), layer.residualNorm().apply(x));
    Tensor pooled = pooled(layer.pooled(), layer.norm().apply(x));
    Tensor keep =
        counts == null
            ? null
            : Tensor.arange(pooled.size(1), DType.I64).unsqueeze(0).lt(counts.unsqueeze(1));
    AttentionRequest request =
        AttentionRequest.of(keep == null ? null : AttentionMask.padding(keep), run.trace());
    Tensor attended = layer.attention().apply(pooled, request).output();
    Tensor middle = dropout.apply(attended, run.trace()).add(beside);
    return layer.network().apply(layer.lastNorm().apply(middle), run.trace()).add(middle);
  }

  private static Tensor pooled(Conv1d convolution, Tensor x) {
    return SpeechAdapter.gated(convolution.apply(x.transpose(1, 2))).transpose(1, 2);
  }
}
