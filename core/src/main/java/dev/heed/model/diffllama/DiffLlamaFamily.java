package dev.heed.model.diffllama;

import dev.heed.attention.DifferentialAttention;
import dev.heed.attention.DifferentialHeads;
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
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** DiffLlama checkpoints: Llama with differential attention. */
public final class DiffLlamaFamily extends DecoderFamily {
  /** The family. */
  public DiffLlamaFamily() {
    super("diffllama", "DiffLlama");
  }

  record Config(
      @Default("32000") int vocabSize,
      @Default("2048") int hiddenSize,
      @Default("8192") int intermediateSize,
      @Default("16") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("2048") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("0.1") double lambdaStdDev,
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
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary, i))
            .toList(),
        norm(weights.child("norm"), config),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int number) {
    HeadSizes heads = config.heads();
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, heads, bias, bias),
            heads.heads(),
            List.of(HeadChange.rotary(rotary)),
            new DifferentialHeads(
                attention,
                heads.headSize(),
                ScaledDotProduct.dropping(config.attentionDropout()),
                DifferentialAttention.lambdaInit(number),
                config.lambdaStdDev(),
                config.rmsNormEps()),
            0),
        config.feedForward(weights.child("mlp"), false));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
