package dev.heed.model.qwen;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.mixer.linear.GatedDeltaConfig;
import dev.heed.mixer.linear.GatedDeltaNet;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What Qwen3-Next and Qwen 3.5 have in common: gated delta nets, and every few layers attention
 * whose heads are gated; norms around one.
 */
record QwenHybrid(
    @Default("151936") int vocabSize,
    @Default("2048") int hiddenSize,
    @Default("5632") int intermediateSize,
    @Default("48") int numHiddenLayers,
    @Default("16") int numAttentionHeads,
    @Default("2") @Nullable Integer numKeyValueHeads,
    @Default("256") @Nullable Integer headDim,
    @Default("silu") String hiddenAct,
    @Default("32768") int maxPositionEmbeddings,
    @Default("1e-6") double rmsNormEps,
    @Default("false") boolean tieWordEmbeddings,
    @Default("false") boolean attentionBias,
    @Default("0.0") double attentionDropout,
    @Default("4") int linearConvKernelDim,
    @Default("128") int linearKeyHeadDim,
    @Default("128") int linearValueHeadDim,
    @Default("16") int linearNumKeyHeads,
    @Default("32") int linearNumValueHeads,
    @Default("4") int fullAttentionInterval)
    implements DecoderSizes {
  /** Where images and sounds stand: a text has the same place in each dimension. */
  private static final Set<String> BEYOND_TEXTS = Set.of("mrope_section", "mrope_interleaved");

  private static final RotaryConfig.Usual ROTARY = new RotaryConfig.Usual(10_000, 0.25);

  /** Checks what is divided by. */
  QwenHybrid {
    if (fullAttentionInterval < 1) {
      throw new IllegalArgumentException(
          "full_attention_interval: expected a number from 1, got " + fullAttentionInterval);
    }
  }

  /** Makes the feed-forward part of a layer, from 0, at its path. */
  interface Network {
    LayerBody of(Weights weights, int layer);
  }

  /**
   * The layers.
   *
   * @param net makes a gated delta net at its path
   * @param network makes a feed-forward part
   */
  DecoderBody body(
      Weights weights,
      ModelConfig keys,
      BiFunction<Weights, GatedDeltaConfig, GatedDeltaNet> net,
      Network network) {
    List<Boolean> attends =
        LayerType.attending(
            keys,
            "layer_types",
            numHiddenLayers,
            "full_attention",
            "linear_attention",
            i -> (i + 1) % fullAttentionInterval == 0);
    RotaryPositions rotary =
        RotaryConfig.partial(keys, ROTARY, maxPositionEmbeddings, BEYOND_TEXTS)
            .positions(PairLayout.HALF_SPLIT, heads().headSize());
    GatedDeltaConfig sizes = delta();
    return DecoderBody.of(
        words(weights, keys),
        IntStream.range(0, numHiddenLayers)
            .mapToObj(i -> {
              Weights path = weights.child("layers", i);
              LayerBody mixer =
                  attends.get(i)
                      ? attention(path.child("self_attn"), rotary)
                      : LayerBody.stateful(net.apply(path.child("linear_attn"), sizes));
              return DecoderLayers.preNorm(
                  path, this::norm, mixer, network.of(path.child("mlp"), i));
            })
            .toList(),
        norm(weights.child("norm")),
        tieWordEmbeddings);
  }

  private GatedDeltaConfig delta() {
    return new GatedDeltaConfig(
        hiddenSize,
        linearNumKeyHeads,
        linearNumValueHeads,
        linearKeyHeadDim,
        linearValueHeadDim,
        linearConvKernelDim,
        activation(),
        rmsNormEps);
  }

  private LayerBody attention(Weights weights, RotaryPositions rotary) {
    HeadSizes sizes = heads();
    return DecoderLayers.attention(
        weights,
        HeadProjections.gated(weights, sizes, attentionBias),
        sizes.heads(),
        List.of(
            HeadChange.norms(
                RmsNorm.aroundOne(weights.child("q_norm"), sizes.headSize(), rmsNormEps),
                RmsNorm.aroundOne(weights.child("k_norm"), sizes.headSize(), rmsNormEps)),
            HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(attentionDropout),
        0);
  }

  private RmsNorm norm(Weights weights) {
    return RmsNorm.aroundOne(weights, hiddenSize, rmsNormEps);
  }
}
