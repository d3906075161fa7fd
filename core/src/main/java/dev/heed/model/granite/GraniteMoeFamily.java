package dev.heed.model.granite;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Granite mixtures of experts. */
public final class GraniteMoeFamily extends DecoderFamily {
  /** The family. */
  public GraniteMoeFamily() {
    super("granitemoe", "GraniteMoe");
  }

  record Config(
      @Default("32000") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("11008") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("2048") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout,
      @Default("1.0") double embeddingMultiplier,
      @Default("1.0") double attentionMultiplier,
      @Default("1.0") double residualMultiplier,
      @Default("1.0") double logitsScaling)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    GraniteExperts experts = keys.read(GraniteExperts.class);
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("layers", i), config, experts, rotary))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .embedded(x -> x.mul(config.embeddingMultiplier()))
        .scored(scores -> scores.div(config.logitsScaling()))
        .routed(experts.routing());
  }

  private static TransformerLayer layer(
      Weights weights, Config config, GraniteExperts experts, RotaryPositions rotary) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    LayerBody self =
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            new ScaledDotProduct(
                config.attentionMultiplier(), new Dropout(config.attentionDropout())),
            0);
    Norm share = x -> x.mul(config.residualMultiplier());
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.sandwich(norm(weights.child("input_layernorm"), config), self, share, none),
        Residual.sandwich(
            norm(weights.child("post_attention_layernorm"), config),
            experts.mixture(weights.child("block_sparse_moe"), config, null),
            share,
            none));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
