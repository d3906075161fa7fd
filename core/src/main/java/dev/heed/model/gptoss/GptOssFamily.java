package dev.heed.model.gptoss;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SinkAttention;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.YarnScaling;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.RouterLoss;
import dev.heed.nn.Activation;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.StackedExperts;
import dev.heed.nn.moe.TopKRouter;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * gpt-oss checkpoints: attention with sinks, every other layer within a window, clamped gated
 * experts.
 */
public final class GptOssFamily extends DecoderFamily {
  /** The family. */
  public GptOssFamily() {
    super("gpt_oss", "GptOss");
  }

  record Config(
      @Default("201088") int vocabSize,
      @Default("2880") int hiddenSize,
      @Default("2880") int intermediateSize,
      @Default("36") int numHiddenLayers,
      @Default("64") int numAttentionHeads,
      @Default("8") @Nullable Integer numKeyValueHeads,
      @Default("64") @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("131072") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("128") @Nullable Integer slidingWindow,
      @Default("4") int numExpertsPerTok,
      @Default("128") int numLocalExperts,
      @Default("0.9") double routerAuxLossCoef,
      @Default("7.0") double swigluLimit,
      @Default("false") boolean outputRouterLogits,
      @Default("true") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    List<LayerType> types =
        LayerType.of(
            keys,
            config.numHiddenLayers(),
            List.of(LayerType.FULL, LayerType.SLIDING),
            i -> i % 2 == 0 ? LayerType.SLIDING : LayerType.FULL);
    List<Integer> windows = LayerType.windows(keys, types, config.slidingWindow());
    RotaryPositions rotary =
        rotary(keys, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("layers", i), config, rotary, windows.get(i)))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows)
        .routed(
            new DecoderBody.Routing(
                new RouterLoss.Balance(config.numExpertsPerTok(), config.routerAuxLossCoef()),
                config.outputRouterLogits()));
  }

  @Override
  public Set<String> ignoredKeys() {
    // They say again what other keys say; gates are what they are, whatever hidden_act says.
    return Set.of("experts_per_token", "initial_context_length", "hidden_act");
  }

  /** A config that says nothing of positions has those of the published models. */
  private static RotaryConfig rotary(ModelConfig keys, long trained) {
    RotaryConfig found = RotaryConfig.of(keys, 150_000, trained);
    boolean silent = !keys.json().has("rope_scaling") && !keys.json().has("rope_parameters");
    double factor = 32;
    return silent
        ? new RotaryConfig(
            found.base(),
            new YarnScaling(factor, 4096, 32, 1, false, YarnScaling.magnitude(factor, 1)),
            found.share())
        : found;
  }

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    Tensor sinks = attention.parameter("sinks", Initializer.ZEROS, config.numAttentionHeads());
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            new SinkAttention(ScaledDotProduct.dropping(config.attentionDropout()), sinks),
            window),
        mixture(weights.child("mlp"), config));
  }

  private static LayerBody mixture(Weights weights, Config config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    long count = config.numLocalExperts();
    Initializer start = Initializer.normal(0.02);
    Weights experts = weights.child("experts");
    StackedExperts.Map in =
        new StackedExperts.Map(
            experts.parameter("gate_up_proj", start, count, size, 2 * inner),
            experts.parameter("gate_up_proj_bias", Initializer.ZEROS, count, 2 * inner),
            false);
    StackedExperts.Map out =
        new StackedExperts.Map(
            experts.parameter("down_proj", start, count, inner, size),
            experts.parameter("down_proj_bias", Initializer.ZEROS, count, size),
            false);
    Weights router = weights.child("router");
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            new TopKRouter(
                router,
                Linear.of(router, size, count, true),
                config.numExpertsPerTok(),
                TopKRouter.Weighting.SOFTMAX_OF_CHOSEN),
            new StackedExperts(experts, in, out, x -> gated(x, config.swigluLimit()))));
  }

  /** Gate and content take turns: {@code min(g, l) · σ(1.702 · min(g, l)) · (clamp(u, ±l) + 1)}. */
  private static Tensor gated(Tensor x, double limit) {
    Tensor pairs = x.unflatten(-1, x.size(-1) / 2, 2);
    Tensor gate = pairs.select(-1, 0).clamp(Double.NEGATIVE_INFINITY, limit);
    Tensor content = pairs.select(-1, 1).clamp(-limit, limit);
    return Activation.QUICK_GELU.apply(gate).mul(content.add(1));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
