package dev.heed.model.olmo;

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
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** OLMo 1 checkpoints: Llama with norms that have no parameters. */
public final class OlmoFamily extends DecoderFamily {
  private static final double EPSILON = 1e-5;

  /** The family. */
  public OlmoFamily() {
    super("olmo", "Olmo");
  }

  record Config(
      @Default("50304") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("11008") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("2048") int maxPositionEmbeddings,
      @Default("false") boolean tieWordEmbeddings,
      @Nullable Double clipQkv,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
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
        LayerNorm.plain(EPSILON),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    return DecoderLayers.preNorm(
        weights,
        path -> LayerNorm.plain(EPSILON),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            config.clipQkv() == null
                ? List.of(HeadChange.rotary(rotary))
                : List.of(HeadChange.clip(config.clipQkv()), HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0),
        config.feedForward(weights.child("mlp"), false));
  }
}
