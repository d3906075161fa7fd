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
import dev.heed.model.head.RouterLoss;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.Experts;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.TopKRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** OLMoE checkpoints: mixtures of experts, norms of all heads' queries and keys together. */
public final class OlmoeFamily extends DecoderFamily {
  /** The family. */
  public OlmoeFamily() {
    super("olmoe", "Olmoe");
  }

  record Config(
      @Default("50304") int vocabSize,
      @Default("2048") int hiddenSize,
      @Default("2048") int intermediateSize,
      @Default("16") int numHiddenLayers,
      @Default("16") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("4096") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Nullable Double clipQkv,
      @Default("8") int numExpertsPerTok,
      @Default("64") int numExperts,
      @Default("false") boolean normTopkProb,
      @Default("0.01") double routerAuxLossCoef,
      @Default("false") boolean outputRouterLogits,
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
            config.tieWordEmbeddings())
        .routed(
            new DecoderBody.Routing(
                new RouterLoss.Balance(config.numExpertsPerTok(), config.routerAuxLossCoef()),
                config.outputRouterLogits()));
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config.hiddenSize(), config),
        attention(weights.child("self_attn"), config, rotary),
        mixture(weights.child("mlp"), config));
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    HeadSizes heads = config.heads();
    boolean bias = config.attentionBias();
    List<HeadChange> changes = new ArrayList<>();
    changes.add(
        HeadChange.wholeNorms(
            norm(weights.child("q_norm"), heads.queries(), config),
            norm(weights.child("k_norm"), heads.keys(), config)));
    if (config.clipQkv() != null) {
      changes.add(HeadChange.clip(config.clipQkv()));
    }
    changes.add(HeadChange.rotary(rotary));
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, bias, bias),
        heads.heads(),
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static LayerBody mixture(Weights weights, Config config) {
    long size = config.hiddenSize();
    int count = config.numExperts();
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            TopKRouter.softmax(
                weights.child("gate"),
                size,
                count,
                config.numExpertsPerTok(),
                config.normTopkProb()),
            Experts.listed(
                count,
                i ->
                    GatedFeedForward.of(
                        weights.child("experts", i),
                        size,
                        config.intermediateSize(),
                        false,
                        config.activation()))));
  }

  private static RmsNorm norm(Weights weights, long size, Config config) {
    return new RmsNorm(weights, size, config.rmsNormEps());
  }
}
