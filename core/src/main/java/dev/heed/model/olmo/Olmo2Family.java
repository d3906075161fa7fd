package dev.heed.model.olmo;

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

/** OLMo 2 checkpoints: norms after each branch, and of all heads' queries and keys together. */
public final class Olmo2Family extends DecoderFamily {
  /** The family. */
  public Olmo2Family() {
    super("olmo2", "Olmo2");
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
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
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
        norm(weights.child("norm"), config.hiddenSize(), config),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    return DecoderLayers.postNorm(
        weights,
        path -> norm(path, config.hiddenSize(), config),
        attention(weights.child("self_attn"), config, rotary),
        config.feedForward(weights.child("mlp"), false));
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    HeadSizes heads = config.heads();
    boolean bias = config.attentionBias();
    RmsNorm queries = norm(weights.child("q_norm"), heads.queries(), config);
    RmsNorm keys = norm(weights.child("k_norm"), heads.keys(), config);
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, bias, bias),
        heads.heads(),
        List.of(HeadChange.wholeNorms(queries, keys), HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static RmsNorm norm(Weights weights, long size, Config config) {
    return new RmsNorm(weights, size, config.rmsNormEps());
  }
}
