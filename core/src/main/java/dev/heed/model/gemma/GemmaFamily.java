package dev.heed.model.gemma;

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
import dev.heed.model.Only;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Gemma 1 checkpoints: scaled embeddings, GeGLU, norms around one. */
public final class GemmaFamily extends DecoderFamily {
  /** The family. */
  public GemmaFamily() {
    super("gemma", "Gemma");
  }

  record Config(
      @Default("256000") int vocabSize,
      @Default("3072") int hiddenSize,
      @Default("24576") int intermediateSize,
      @Default("28") int numHiddenLayers,
      @Default("16") int numAttentionHeads,
      @Default("16") @Nullable Integer numKeyValueHeads,
      @Default("256") @Nullable Integer headDim,
      @Nullable String hiddenActivation,
      @Default("8192") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("true") boolean tieWordEmbeddings,
      @Default("gelu_pytorch_tanh") @Only({"gelu", "gelu_pytorch_tanh"}) String hiddenAct,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {
    /** An older name of the tanh approximation stands in {@code hidden_act}. */
    @Override
    public Activation activation() {
      return Activation.named(
          hiddenActivation == null ? Activation.GELU_PYTORCH_TANH.configName() : hiddenActivation);
    }
  }

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
            config.tieWordEmbeddings())
        .embedded(GemmaParts.scaled(config.hiddenSize()));
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0),
        config.feedForward(weights.child("mlp"), false));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return RmsNorm.aroundOne(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
