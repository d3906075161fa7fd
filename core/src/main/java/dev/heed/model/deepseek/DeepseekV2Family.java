package dev.heed.model.deepseek;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.LatentAttention;
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
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.GroupedRouter;
import dev.heed.nn.moe.Router;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** DeepSeek-V2 checkpoints: latent attention, grouped experts behind a softmax router. */
public final class DeepseekV2Family extends DecoderFamily {
  /** The family. */
  public DeepseekV2Family() {
    super("deepseek_v2", "DeepseekV2");
  }

  record Config(
      @Default("32000") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("11008") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Default("silu") String hiddenAct,
      @Default("2048") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean mlpBias,
      @Default("512") int kvLoraRank,
      @Default("1536") @Nullable Integer qLoraRank,
      @Default("64") int qkRopeHeadDim,
      @Default("128") int vHeadDim,
      @Default("128") int qkNopeHeadDim,
      @Default("1407") int moeIntermediateSize,
      int numExpertsPerTok,
      @Default("2") @Nullable Integer nSharedExperts,
      @Default("64") int nRoutedExperts,
      @Default("1.0") double routedScalingFactor,
      @Nullable Integer nGroup,
      @Nullable Integer topkGroup,
      @Default("0") int firstKDenseReplace,
      @Default("false") @Only("false") boolean normTopkProb,
      @Default("1") @Only("1") int moeLayerFreq,
      @Default("greedy") @Only({"greedy", "group_limited_greedy"}) String topkMethod,
      @Default("softmax") @Only("softmax") String scoringFunc,
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
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.INTERLEAVED, config.qkRopeHeadDim());
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary, i))
            .toList(),
        norm(weights.child("norm"), config),
        config.tieWordEmbeddings());
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of training and of how experts are spread over machines; heads are cut by other keys.
    return Set.of("aux_loss_alpha", "seq_aux", "ep_size", "pretraining_tp", "head_dim");
  }

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int number) {
    Weights mlp = weights.child("mlp");
    double scale = 1 / Math.sqrt(config.qkNopeHeadDim() + config.qkRopeHeadDim());
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        LayerBody.self(
            new LatentAttention(
                weights.child("self_attn"),
                config.latent(),
                config.attentionBias(),
                HeadChange.rotary(rotary),
                new ScaledDotProduct(scale, new Dropout(config.attentionDropout())))),
        number < config.firstKDenseReplace()
            ? config.feedForward(mlp, config.mlpBias())
            : mixture(mlp, config));
  }

  /** A greedy router looks at all experts, whatever their groups. */
  private static LayerBody mixture(Weights weights, Config config) {
    DeepseekExperts experts = config.experts();
    DeepseekExperts routed = config.topkMethod().equals("greedy") ? experts.ungrouped() : experts;
    Router router =
        routed.router(weights.child("gate"), config.hiddenSize(), GroupedRouter.Affinity.SOFTMAX);
    return routed.mixture(weights, config, router, config.mlpBias());
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
