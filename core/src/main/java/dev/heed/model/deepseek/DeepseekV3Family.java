package dev.heed.model.deepseek;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.LatentAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.RotaryScaling;
import dev.heed.attention.position.YarnScaling;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * DeepSeek-V3 and R1 checkpoints: latent attention, grouped experts behind a balanced sigmoid
 * router.
 */
public final class DeepseekV3Family extends DecoderFamily {
  /** The family. */
  public DeepseekV3Family() {
    super("deepseek_v3", "DeepseekV3");
  }

  record Config(
      @Default("129280") int vocabSize,
      @Default("7168") int hiddenSize,
      @Default("18432") int intermediateSize,
      @Default("61") int numHiddenLayers,
      @Default("128") int numAttentionHeads,
      @Default("128") @Nullable Integer numKeyValueHeads,
      @Default("silu") String hiddenAct,
      @Default("4096") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("512") int kvLoraRank,
      @Default("1536") @Nullable Integer qLoraRank,
      @Default("64") int qkRopeHeadDim,
      @Default("128") int vHeadDim,
      @Default("128") int qkNopeHeadDim,
      @Default("2048") int moeIntermediateSize,
      @Default("8") int numExpertsPerTok,
      @Default("1") @Nullable Integer nSharedExperts,
      @Default("256") int nRoutedExperts,
      @Default("2.5") double routedScalingFactor,
      @Default("8") @Nullable Integer nGroup,
      @Default("4") @Nullable Integer topkGroup,
      @Default("3") int firstKDenseReplace,
      @Default("true") boolean normTopkProb,
      @Default("1") @Only("1") int moeLayerFreq,
      @Default("true") boolean ropeInterleave,
      @Default("noaux_tc") @Only("noaux_tc") String topkMethod,
      @Default("sigmoid") @Only("sigmoid") String scoringFunc,
      @Default("1") int numNextnPredictLayers,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {
    /** Heads are cut otherwise than elsewhere; see {@link #latent}. */
    @Override
    public HeadSizes heads() {
      return new HeadSizes(hiddenSize, numAttentionHeads, numAttentionHeads, qkRopeHeadDim);
    }

    LatentAttention.Sizes latent() {
      return new LatentAttention.Sizes(
          hiddenSize,
          numAttentionHeads,
          qkNopeHeadDim,
          qkRopeHeadDim,
          vHeadDim,
          kvLoraRank,
          qLoraRank);
    }

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
    RotaryConfig positions = RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings());
    RotaryPositions rotary = positions.positions(PairLayout.HALF_SPLIT, config.qkRopeHeadDim());
    HeadChange turning =
        config.ropeInterleave() ? HeadChange.rotaryOfNeighbours(rotary) : HeadChange.rotary(rotary);
    double scale = scale(keys, config, positions);
    // Layers that predict further words are trained beside the model and no part of it.
    for (int i = 0; i < config.numNextnPredictLayers(); i++) {
      weights.ignoreBelow("layers." + (config.numHiddenLayers() + i));
    }
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, turning, scale, i))
            .toList(),
        norm(weights.child("norm"), config),
        config.tieWordEmbeddings());
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of training and of how experts are spread over machines; heads are cut by other keys.
    return Set.of(
        "aux_loss_alpha", "seq_aux", "ep_size", "pretraining_tp", "head_dim", "qk_head_dim");
  }

  /** Stretched positions multiply scores by the square of a magnitude of their own. */
  private static double scale(ModelConfig keys, Config config, RotaryConfig positions) {
    double plain = 1 / Math.sqrt(config.qkNopeHeadDim() + config.qkRopeHeadDim());
    JsonNode json = keys.json();
    JsonNode parameters =
        json.path("rope_parameters").isObject()
            ? json.path("rope_parameters")
            : json.path("rope_scaling");
    double weight = parameters.path("mscale_all_dim").asDouble(0);
    if (weight == 0 || positions.scaling().equals(RotaryScaling.NONE)) {
      return plain;
    }
    double magnitude = YarnScaling.magnitude(parameters.path("factor").asDouble(1), weight);
    return plain * magnitude * magnitude;
  }

  private static TransformerLayer layer(
      Weights weights, Config config, HeadChange turning, double scale, int number) {
    Weights mlp = weights.child("mlp");
    DeepseekExperts experts = config.experts();
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        LayerBody.self(
            new LatentAttention(
                weights.child("self_attn"),
                config.latent(),
                config.attentionBias(),
                turning,
                new ScaledDotProduct(scale, new Dropout(config.attentionDropout())))),
        number < config.firstKDenseReplace()
            ? config.feedForward(mlp, false)
            : experts.mixture(
                mlp, config, experts.balanced(mlp.child("gate"), config.hiddenSize()), false));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
