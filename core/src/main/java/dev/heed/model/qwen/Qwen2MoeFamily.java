package dev.heed.model.qwen;

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

/** Qwen 1.5 and 2 mixtures of experts, beside which every token goes through a gated shared one. */
public final class Qwen2MoeFamily extends DecoderFamily {
  /** The family. */
  public Qwen2MoeFamily() {
    super("qwen2_moe", "Qwen2Moe");
  }

  record Config(
      @Default("151936") int vocabSize,
      @Default("2048") int hiddenSize,
      @Default("5632") int intermediateSize,
      @Default("24") int numHiddenLayers,
      @Default("16") int numAttentionHeads,
      @Default("16") @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("32768") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("5632") int sharedExpertIntermediateSize,
      @Default("true") boolean qkvBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    List<Integer> windows = QwenWindows.of(keys, config.numHiddenLayers());
    QwenExperts experts = QwenExperts.read(keys, new QwenExperts.Usual(60, 4, 1408));
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i ->
                    layer(
                        weights.child("layers", i),
                        config,
                        attention(
                            weights.child("layers", i).child("self_attn"),
                            config,
                            rotary,
                            windows.get(i)),
                        experts.at(i) ? experts : null))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows)
        .routed(experts.routing());
  }

  private static TransformerLayer layer(
      Weights weights, Config config, LayerBody attention, @Nullable QwenExperts experts) {
    Weights mlp = weights.child("mlp");
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        attention,
        experts == null
            ? config.feedForward(mlp, false)
            : experts.mixtureAndShared(mlp, config, config.sharedExpertIntermediateSize()));
  }

  private static LayerBody attention(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), config.qkvBias(), false),
        config.numAttentionHeads(),
        List.of(HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        window);
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
