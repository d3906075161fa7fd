package dev.heed.model.gemma;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gemma 2 checkpoints: capped scores, norms around each branch, every other layer within a window.
 */
public final class Gemma2Family extends DecoderFamily {
  /** The family. */
  public Gemma2Family() {
    super("gemma2", "Gemma2");
  }

  record Config(
      @Default("256000") int vocabSize,
      @Default("2304") int hiddenSize,
      @Default("9216") int intermediateSize,
      @Default("26") int numHiddenLayers,
      @Default("8") int numAttentionHeads,
      @Default("4") @Nullable Integer numKeyValueHeads,
      @Default("256") @Nullable Integer headDim,
      @Default("gelu_pytorch_tanh") String hiddenActivation,
      @Default("8192") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("true") boolean tieWordEmbeddings,
      @Default("256") double queryPreAttnScalar,
      @Default("4096") @Nullable Integer slidingWindow,
      @Default("30.0") @Nullable Double finalLogitSoftcapping,
      @Default("50.0") @Nullable Double attnLogitSoftcapping,
      @Default("false") @Only({"false", "null"}) @Nullable Boolean useBidirectionalAttention,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {
    @Override
    public String hiddenAct() {
      return hiddenActivation;
    }
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    List<LayerType> types =
        LayerType.of(
            keys,
            config.numHiddenLayers(),
            List.of(LayerType.FULL, LayerType.SLIDING),
            i -> i % 2 == 0 ? LayerType.SLIDING : LayerType.FULL);
    List<Integer> windows = LayerType.windows(keys, types, config.slidingWindow());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("layers", i), config, rotary, windows.get(i)))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows)
        .embedded(GemmaParts.scaled(config.hiddenSize()))
        .scored(GemmaParts.capped(config.finalLogitSoftcapping()));
  }

  @Override
  public Set<String> ignoredKeys() {
    // What stands in hidden_activation counts; the other names a kind of cache.
    return Set.of("hidden_act", "cache_implementation");
  }

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    return DecoderLayers.sandwich(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            GemmaParts.attention(
                config.queryPreAttnScalar(),
                config.attnLogitSoftcapping(),
                config.attentionDropout()),
            window),
        config.feedForward(weights.child("mlp"), false));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return RmsNorm.aroundOne(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
