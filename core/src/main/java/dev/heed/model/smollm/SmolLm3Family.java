package dev.heed.model.smollm;

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
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** SmolLM 3 checkpoints: Llama, some of whose layers have no positions. */
public final class SmolLm3Family extends DecoderFamily {
  /** The family. */
  public SmolLm3Family() {
    super("smollm3", "SmolLM3");
  }

  record Config(
      @Default("128256") int vocabSize,
      @Default("2048") int hiddenSize,
      @Default("11008") int intermediateSize,
      @Default("36") int numHiddenLayers,
      @Default("16") int numAttentionHeads,
      @Default("4") @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("32768") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("true") boolean tieWordEmbeddings,
      @Default("false") boolean useSlidingWindow,
      @Nullable Integer slidingWindow,
      @Nullable List<Integer> noRopeLayers,
      @Default("4") int noRopeLayerInterval,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout,
      @Default("false") boolean mlpBias)
      implements DecoderSizes {
    Config {
      if (noRopeLayers == null ? noRopeLayerInterval < 1 : noRopeLayers.size() != numHiddenLayers) {
        throw new IllegalArgumentException(
            "no_rope_layers: expected one for each of the "
                + numHiddenLayers
                + " layers, or an interval from 1, got "
                + noRopeLayers
                + " and "
                + noRopeLayerInterval);
      }
    }

    /** Whether a layer turns queries and keys: so says a 1 among the "no rope" layers. */
    boolean turns(int layer) {
      return noRopeLayers == null
          ? (layer + 1) % noRopeLayerInterval != 0
          : noRopeLayers.get(layer) != 0;
    }
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.of(keys, 2_000_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    List<HeadChange> turning = List.of(HeadChange.rotary(rotary));
    List<Integer> windows = windows(keys, config);
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i ->
                    layer(
                        weights.child("layers", i),
                        config,
                        config.turns(i) ? turning : List.of(),
                        windows.get(i)))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows);
  }

  private static List<Integer> windows(ModelConfig keys, Config config) {
    Integer width = config.useSlidingWindow() ? config.slidingWindow() : null;
    List<LayerType> types =
        LayerType.of(
            keys,
            config.numHiddenLayers(),
            List.of(LayerType.FULL, LayerType.SLIDING),
            i -> width != null && !config.turns(i) ? LayerType.SLIDING : LayerType.FULL);
    return LayerType.windows(keys, types, width);
  }

  private static TransformerLayer layer(
      Weights weights, Config config, List<HeadChange> changes, int window) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            changes,
            ScaledDotProduct.dropping(config.attentionDropout()),
            window),
        config.feedForward(weights.child("mlp"), config.mlpBias()));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
