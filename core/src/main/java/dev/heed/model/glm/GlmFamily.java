package dev.heed.model.glm;

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
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * GLM-4-9b checkpoints: interleaved rotary positions on half of each head, fused feed-forward maps.
 */
public final class GlmFamily extends DecoderFamily {
  /** The family. */
  public GlmFamily() {
    super("glm", "Glm");
  }

  record Config(
      @Default("151552") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("13696") int intermediateSize,
      @Default("40") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Default("2") @Nullable Integer numKeyValueHeads,
      @Default("128") @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("131072") int maxPositionEmbeddings,
      @Default("0.00000015625") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("true") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.partial(
                keys, new RotaryConfig.Usual(10_000, 0.5), config.maxPositionEmbeddings())
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
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        attention(weights.child("self_attn"), config, rotary),
        GlmFeedForward.of(weights.child("mlp"), config));
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), config.attentionBias(), false),
        config.numAttentionHeads(),
        List.of(HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
