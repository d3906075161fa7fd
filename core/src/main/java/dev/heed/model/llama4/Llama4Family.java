package dev.heed.model.llama4;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.Reach;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.StackedExperts;
import dev.heed.nn.moe.TopKRouter;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Llama 4 checkpoints of text: chunks with rotary positions, layers without any, experts weighted
 * in what they are given.
 */
public final class Llama4Family extends DecoderFamily {
  /** The family. */
  public Llama4Family() {
    super("llama4_text", "Llama4", "Llama4Text");
  }

  record Config(
      @Default("202048") int vocabSize,
      @Default("5120") int hiddenSize,
      @Default("8192") int intermediateSize,
      @Default("48") int numHiddenLayers,
      @Default("40") int numAttentionHeads,
      @Default("8") @Nullable Integer numKeyValueHeads,
      @Default("128") @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("131072") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("16384") int intermediateSizeMlp,
      @Default("1") int numExpertsPerTok,
      @Default("16") int numLocalExperts,
      @Nullable List<Integer> moeLayers,
      @Default("1") int interleaveMoeLayerStep,
      @Default("true") boolean useQkNorm,
      @Nullable List<Integer> noRopeLayers,
      @Default("4") int noRopeLayerInterval,
      @Default("8192") @Nullable Integer attentionChunkSize,
      @Default("true") boolean attnTemperatureTuning,
      @Default("8192") double floorScale,
      @Default("0.1") double attnScale,
      @Default("0.0") @Only({"0.0", "0"}) double routerJitterNoise,
      @Default("false") boolean outputRouterLogits,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {
    Config {
      if (interleaveMoeLayerStep < 1 || noRopeLayerInterval < 1 || !(floorScale > 0)) {
        throw new IllegalArgumentException(
            "interleave_moe_layer_step, no_rope_layer_interval, floor_scale: expected steps from 1"
                + " and a scale above 0, got "
                + List.of(interleaveMoeLayerStep, noRopeLayerInterval, floorScale));
      }
      if (noRopeLayers != null
          && !noRopeLayers.isEmpty()
          && noRopeLayers.size() != numHiddenLayers) {
        throw new IllegalArgumentException(
            "no_rope_layers: expected one for each of the "
                + numHiddenLayers
                + " layers, got "
                + noRopeLayers);
      }
    }

    /** Whether a layer turns queries and keys: so says a 1 among the "no rope" layers. */
    boolean turns(int layer) {
      return noRopeLayers == null || noRopeLayers.isEmpty()
          ? (layer + 1) % noRopeLayerInterval != 0
          : noRopeLayers.get(layer) != 0;
    }

    boolean isMixture(int layer) {
      return moeLayers == null
          ? (layer + 1) % interleaveMoeLayerStep == 0
          : moeLayers.contains(layer);
    }
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    List<LayerType> types =
        LayerType.of(
            keys,
            config.numHiddenLayers(),
            List.of(LayerType.FULL, LayerType.CHUNKED),
            i -> config.turns(i) ? LayerType.CHUNKED : LayerType.FULL);
    List<Reach> reaches = LayerType.reaches(keys, types, config.attentionChunkSize());
    RotaryPositions rotary =
        RotaryConfig.of(keys, 500_000, config.maxPositionEmbeddings())
            .positions(PairLayout.INTERLEAVED, config.heads().headSize());
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
                            config.turns(i) ? rotary : null,
                            reaches.get(i).width()),
                        i))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .reaching(reaches)
        .routed(new DecoderBody.Routing(null, config.outputRouterLogits()));
  }

  @Override
  public Set<String> ignoredKeys() {
    // The loss that spreads tokens over experts is computed by no version of this model.
    return Set.of("router_aux_loss_coef");
  }

  private static TransformerLayer layer(
      Weights weights, Config config, LayerBody attention, int number) {
    Weights inner = weights.child("feed_forward");
    LayerBody feedForward =
        config.isMixture(number)
            ? mixture(inner, config)
            : LayerBody.each(
                GatedFeedForward.of(
                        inner,
                        config.hiddenSize(),
                        config.intermediateSizeMlp(),
                        false,
                        config.activation())
                    ::apply);
    return DecoderLayers.preNorm(weights, path -> norm(path, config), attention, feedForward);
  }

  /** The norms of queries and keys have no gain, so that turning after them changes nothing. */
  private static LayerBody attention(
      Weights weights, Config config, @Nullable RotaryPositions rotary, int chunk) {
    boolean bias = config.attentionBias();
    List<HeadChange> changes = new ArrayList<>();
    if (rotary != null) {
      if (config.useQkNorm()) {
        Norm norm = RmsNorm.plain(config.rmsNormEps());
        changes.add(HeadChange.norms(norm, norm));
      }
      changes.add(HeadChange.rotary(rotary));
    } else if (config.attnTemperatureTuning()) {
      changes.add(new QueryTemperature(config.floorScale(), config.attnScale()));
    }
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), bias, bias),
        config.numAttentionHeads(),
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()),
        chunk);
  }

  private static LayerBody mixture(Weights weights, Config config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    long count = config.numLocalExperts();
    Initializer start = Initializer.normal(0.02);
    Weights experts = weights.child("experts");
    Tensor in = experts.parameter("gate_up_proj", start, count, size, 2 * inner);
    Tensor out = experts.parameter("down_proj", start, count, inner, size);
    GatedFeedForward shared =
        GatedFeedForward.of(
            weights.child("shared_expert"), size, inner, false, config.activation());
    Weights router = weights.child("router");
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            new TopKRouter(
                router,
                Linear.of(router, size, count, false),
                config.numExpertsPerTok(),
                TopKRouter.Weighting.SIGMOID),
            new StackedExperts(
                experts,
                new StackedExperts.Map(in, null, false),
                new StackedExperts.Map(out, null, false),
                StackedExperts.halves(config.activation())),
            MixtureOfExperts.Weighted.INPUT,
            x -> shared.apply(x, Trace.NONE)));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
