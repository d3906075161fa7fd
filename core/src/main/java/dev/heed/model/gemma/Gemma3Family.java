package dev.heed.model.gemma;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerRotary;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.Reach;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Gemma 3 checkpoints of text: norms of queries and keys, five layers of six within a window. */
public final class Gemma3Family extends DecoderFamily {
  /** The family. */
  public Gemma3Family() {
    super("gemma3_text", "Gemma3", "Gemma3Text");
  }

  record Config(
      @Default("262208") int vocabSize,
      @Default("2304") int hiddenSize,
      @Default("9216") int intermediateSize,
      @Default("26") int numHiddenLayers,
      @Default("8") int numAttentionHeads,
      @Default("4") @Nullable Integer numKeyValueHeads,
      @Default("256") @Nullable Integer headDim,
      @Default("gelu_pytorch_tanh") String hiddenActivation,
      @Default("131072") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("true") boolean tieWordEmbeddings,
      @Default("256") double queryPreAttnScalar,
      @Default("4096") @Nullable Integer slidingWindow,
      @Nullable Double finalLogitSoftcapping,
      @Only("null") @Nullable Double attnLogitSoftcapping,
      @Default("false") @Nullable Boolean useBidirectionalAttention,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {
    @Override
    public String hiddenAct() {
      return hiddenActivation;
    }

    /** A window that looks both ways is half as wide each. */
    @Nullable Integer width(boolean bothWays) {
      if (slidingWindow == null || !bothWays) {
        return slidingWindow;
      }
      return slidingWindow / 2 + 1;
    }
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    List<LayerType> types = types(keys, config.numHiddenLayers());
    boolean bothWays = Boolean.TRUE.equals(config.useBidirectionalAttention());
    List<Reach> back = LayerType.reaches(keys, types, config.width(bothWays));
    List<Reach> reaches = bothWays ? back.stream().map(Reach::bothWays).toList() : back;
    LayerRotary rotary =
        LayerRotary.of(
            keys,
            RotaryConfig.Usual.base(1_000_000),
            RotaryConfig.Usual.base(10_000),
            config.maxPositionEmbeddings());
    long headSize = config.heads().headSize();
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i ->
                    layer(
                        weights.child("layers", i),
                        config,
                        rotary.of(types.get(i)).positions(PairLayout.HALF_SPLIT, headSize),
                        bothWays ? 0 : reaches.get(i).width()))
                .toList(),
            norm(weights.child("norm"), config.hiddenSize(), config),
            config.tieWordEmbeddings())
        .reaching(reaches)
        .embedded(GemmaParts.scaled(config.hiddenSize()))
        .scored(GemmaParts.capped(config.finalLogitSoftcapping()));
  }

  @Override
  public Set<String> ignoredKeys() {
    // What stands in hidden_activation counts; the other names a kind of cache.
    return Set.of("hidden_act", "cache_implementation");
  }

  private static List<LayerType> types(ModelConfig keys, int layers) {
    keys.known("sliding_window_pattern", "_sliding_window_pattern");
    int older = keys.json().path("sliding_window_pattern").asInt(6);
    int pattern = keys.json().path("_sliding_window_pattern").asInt(older);
    return LayerType.of(
        keys,
        layers,
        List.of(LayerType.FULL, LayerType.SLIDING),
        i -> (i + 1) % Math.max(1, pattern) == 0 ? LayerType.FULL : LayerType.SLIDING);
  }

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    return DecoderLayers.sandwich(
        weights,
        path -> norm(path, config.hiddenSize(), config),
        attention(weights.child("self_attn"), config, rotary, window),
        config.feedForward(weights.child("mlp"), false));
  }

  private static LayerBody attention(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    HeadSizes heads = config.heads();
    boolean bias = config.attentionBias();
    RmsNorm queries = norm(weights.child("q_norm"), heads.headSize(), config);
    RmsNorm keys = norm(weights.child("k_norm"), heads.headSize(), config);
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, bias, bias),
        heads.heads(),
        List.of(HeadChange.norms(queries, keys), HeadChange.rotary(rotary)),
        GemmaParts.attention(config.queryPreAttnScalar(), null, config.attentionDropout()),
        window);
  }

  private static RmsNorm norm(Weights weights, long size, Config config) {
    return RmsNorm.aroundOne(weights, size, config.rmsNormEps());
  }
}
