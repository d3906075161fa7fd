package dev.heed.model.helium;

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
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Helium checkpoints: Llama whose rotary pairs are neighbours. */
public final class HeliumFamily extends DecoderFamily {
  /** The family. */
  public HeliumFamily() {
    super("helium", "Helium");
  }

  record Config(
      @Default("48000") int vocabSize,
      @Default("2560") int hiddenSize,
      @Default("7040") int intermediateSize,
      @Default("24") int numHiddenLayers,
      @Default("20") int numAttentionHeads,
      @Default("20") @Nullable Integer numKeyValueHeads,
      @Default("128") @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("4096") int maxPositionEmbeddings,
      @Default("1e-8") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout,
      @Default("false") boolean mlpBias)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.of(keys, 100_000, config.maxPositionEmbeddings())
            .positions(PairLayout.INTERLEAVED, config.heads().headSize());
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
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), config.attentionBias(), false),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0),
        config.feedForward(weights.child("mlp"), config.mlpBias()));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
