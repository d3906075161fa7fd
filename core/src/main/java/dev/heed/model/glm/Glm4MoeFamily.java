package dev.heed.model.glm;

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
import dev.heed.model.deepseek.DeepseekExperts;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** GLM-4.5 and 4.6 checkpoints: DeepSeek's mixtures of experts on grouped attention. */
public final class Glm4MoeFamily extends DecoderFamily {
  /** The family. */
  public Glm4MoeFamily() {
    super("glm4_moe", "Glm4Moe");
  }

  record Config(
      @Default("151552") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("10944") int intermediateSize,
      @Default("46") int numHiddenLayers,
      @Default("96") int numAttentionHeads,
      @Default("8") @Nullable Integer numKeyValueHeads,
      @Default("128") @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("131072") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("1408") int moeIntermediateSize,
      @Default("8") int numExpertsPerTok,
      @Default("1") @Nullable Integer nSharedExperts,
      @Default("128") int nRoutedExperts,
      @Default("1.0") double routedScalingFactor,
      @Default("1") @Nullable Integer nGroup,
      @Default("1") @Nullable Integer topkGroup,
      @Default("1") int firstKDenseReplace,
      @Default("true") boolean normTopkProb,
      @Default("false") boolean useQkNorm,
      @Default("0") int numNextnPredictLayers,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {
    DeepseekExperts experts() {
      return new DeepseekExperts(
          nRoutedExperts,
          nSharedExperts,
          numExpertsPerTok,
          nGroup,
          topkGroup,
          moeIntermediateSize,
          routedScalingFactor,
          firstKDenseReplace,
          normTopkProb);
    }
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.partial(
                keys, new RotaryConfig.Usual(10_000, 0.5), config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    // Layers that predict further words are trained beside the model and no part of it.
    for (int i = 0; i < config.numNextnPredictLayers(); i++) {
      weights.ignoreBelow("layers." + (config.numHiddenLayers() + i));
    }
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary, i))
            .toList(),
        norm(weights.child("norm"), config.hiddenSize(), config),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int number) {
    Weights mlp = weights.child("mlp");
    DeepseekExperts experts = config.experts();
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config.hiddenSize(), config),
        attention(weights.child("self_attn"), config, rotary),
        number < config.firstKDenseReplace()
            ? config.feedForward(mlp, false)
            : experts.mixture(
                mlp, config, experts.balanced(mlp.child("gate"), config.hiddenSize()), false));
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    HeadSizes heads = config.heads();
    List<HeadChange> changes = new ArrayList<>();
    if (config.useQkNorm()) {
      changes.add(
          HeadChange.norms(
              norm(weights.child("q_norm"), heads.headSize(), config),
              norm(weights.child("k_norm"), heads.headSize(), config)));
    }
    changes.add(HeadChange.rotary(rotary));
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, config.attentionBias(), false),
        heads.heads(),
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static RmsNorm norm(Weights weights, long size, Config config) {
    return new RmsNorm(weights, size, config.rmsNormEps());
  }
}
