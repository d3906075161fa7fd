package dev.heed.model.phi;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
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
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Phi-3 and Phi-4 checkpoints: fused maps, LongRoPE. */
public final class Phi3Family extends DecoderFamily {
  /** The family. */
  public Phi3Family() {
    super("phi3", "Phi3");
  }

  record Config(
      @Default("32064") int vocabSize,
      @Default("3072") int hiddenSize,
      @Default("8192") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("4096") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Nullable Integer slidingWindow,
      @Default("0.0") double residPdrop,
      @Default("0.0") double embdPdrop,
      @Default("false") @Only("false") boolean attentionBias,
      @Default("false") @Only("false") boolean mlpBias,
      @Default("false") @Only("false") boolean lmHeadBias,
      @Default("1") @Only("1") int fullAttnMod,
      @Default("1") @Only("1") int interpolateFactor,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    LayerType type = config.slidingWindow() == null ? LayerType.FULL : LayerType.SLIDING;
    List<Integer> windows =
        LayerType.windows(
            keys, Collections.nCopies(config.numHiddenLayers(), type), config.slidingWindow());
    RotaryPositions rotary =
        RotaryConfig.partial(
                keys, new RotaryConfig.Usual(10_000, 1), config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("layers", i), config, rotary, windows.get(i)))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows)
        .embeddedDropping(config.embdPdrop());
  }

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    Weights mlp = weights.child("mlp");
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    GatedFeedForward feedForward =
        GatedFeedForward.fused(
            mlp,
            Linear.of(mlp.child("gate_up_proj"), size, 2 * inner, false),
            Linear.of(mlp.child("down_proj"), inner, size, false),
            config.activation(),
            new Dropout(0));
    Dropout dropout = new Dropout(config.residPdrop());
    return new TransformerLayer(
        weights,
        Residual.pre(
            norm(weights.child("input_layernorm"), config),
            attention(weights.child("self_attn"), config, rotary, window),
            dropout),
        Residual.pre(
            norm(weights.child("post_attention_layernorm"), config),
            LayerBody.each(feedForward::apply),
            dropout));
  }

  private static LayerBody attention(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    HeadSizes heads = config.heads();
    return DecoderLayers.attention(
        weights,
        new HeadProjections.Fused(
            Linear.of(
                weights.child("qkv_proj"), heads.size(), heads.queries() + 2 * heads.keys(), false),
            HeadProjections.Layout.BLOCKS,
            heads.keyHeads(),
            Linear.of(weights.child("o_proj"), heads.queries(), heads.size(), false)),
        heads.heads(),
        List.of(HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        window);
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
