package dev.heed.model.seedoss;

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
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Seed-OSS checkpoints: Llama with a switch of its own for the output map's bias. */
public final class SeedOssFamily extends DecoderFamily {
  /** The family. */
  public SeedOssFamily() {
    super("seed_oss", "SeedOss");
  }

  record Config(
      @Default("155136") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("27648") int intermediateSize,
      @Default("64") int numHiddenLayers,
      @Default("80") int numAttentionHeads,
      @Default("8") @Nullable Integer numKeyValueHeads,
      @Default("128") @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("524288") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("true") boolean attentionBias,
      @Default("false") boolean attentionOutBias,
      @Default("0.1") double attentionDropout,
      @Default("0.1") double residualDropout,
      @Default("false") boolean mlpBias,
      @Default("1") int pretrainingTp)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary))
            .toList(),
        norm(weights.child("norm"), config),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    Weights attention = weights.child("self_attn");
    LayerBody self =
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(
                attention, config.heads(), config.attentionBias(), config.attentionOutBias()),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0);
    LayerBody feedForward = config.feedForward(weights.child("mlp"), config.mlpBias());
    Dropout dropout = new Dropout(config.residualDropout());
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("input_layernorm"), config), self, dropout),
        Residual.pre(
            norm(weights.child("post_attention_layernorm"), config), feedForward, dropout));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
