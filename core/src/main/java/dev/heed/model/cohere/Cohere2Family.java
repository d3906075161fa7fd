package dev.heed.model.cohere;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
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
import dev.heed.model.block.Branch;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Command R7B and A checkpoints: layers within a window turn queries and keys, those that see all
 * tokens do not.
 */
public final class Cohere2Family extends DecoderFamily {
  /** The family. */
  public Cohere2Family() {
    super("cohere2", "Cohere2");
  }

  /**
   * The keys of a config; those from {@code rotary_pct} to {@code order_of_interleaved_layers}
   * stand in published files and describe what every model of this family does.
   */
  record Config(
      @Default("256000") int vocabSize,
      @Default("8192") int hiddenSize,
      @Default("22528") int intermediateSize,
      @Default("40") int numHiddenLayers,
      @Default("64") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Default("128") @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("8192") int maxPositionEmbeddings,
      @Default("1e-5") double layerNormEps,
      @Default("true") boolean tieWordEmbeddings,
      @Default("0.0625") double logitScale,
      @Default("4096") @Nullable Integer slidingWindow,
      @Default("1.0") @Only({"1.0", "1"}) double rotaryPct,
      @Default("true") @Only("true") boolean useGatedActivation,
      @Default("true") @Only("true") boolean useParallelBlock,
      @Default("false") @Only("false") boolean useQkNorm,
      @Default("rope_gptj") @Only("rope_gptj") String positionEmbeddingType,
      @Default("local_attn_first") @Only("local_attn_first") String orderOfInterleavedLayers,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    List<LayerType> types = types(keys, config.numHiddenLayers());
    List<Integer> windows = LayerType.windows(keys, types, config.slidingWindow());
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.INTERLEAVED, config.heads().headSize());
    List<HeadChange> turning = List.of(HeadChange.rotary(rotary));
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i ->
                    layer(
                        weights.child("layers", i),
                        config,
                        types.get(i) == LayerType.SLIDING ? turning : List.of(),
                        windows.get(i)))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows)
        .scored(scores -> scores.mul(config.logitScale()));
  }

  @Override
  public Set<String> ignoredKeys() {
    // They say again what other keys say, name a kind of cache, or how training was spread.
    return Set.of(
        "cache_implementation", "layer_switch", "use_embedding_sharing", "use_parallel_embedding");
  }

  private static List<LayerType> types(ModelConfig keys, int layers) {
    keys.known("sliding_window_pattern", "_sliding_window_pattern");
    int older = keys.json().path("sliding_window_pattern").asInt(4);
    int pattern = keys.json().path("_sliding_window_pattern").asInt(older);
    return LayerType.of(
        keys,
        layers,
        List.of(LayerType.FULL, LayerType.SLIDING),
        i -> (i + 1) % Math.max(1, pattern) == 0 ? LayerType.FULL : LayerType.SLIDING);
  }

  private static TransformerLayer layer(
      Weights weights, Config config, List<HeadChange> changes, int window) {
    LayerNorm norm = norm(weights.child("input_layernorm"), config);
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.parallel(
            new Branch(
                norm,
                attention(weights.child("self_attn"), config, changes, window),
                none,
                Norm.NONE),
            new Branch(norm, config.feedForward(weights.child("mlp"), false), none, Norm.NONE)));
  }

  private static LayerBody attention(
      Weights weights, Config config, List<HeadChange> changes, int window) {
    boolean bias = config.attentionBias();
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), bias, bias),
        config.numAttentionHeads(),
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()),
        window);
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps(), false);
  }
}
