package dev.heed.model.granite;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.mixer.statespace.Mamba2Block;
import dev.heed.mixer.statespace.Mamba2Choices;
import dev.heed.mixer.statespace.Mamba2Choices.Gating;
import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.RotaryConfig;
import dev.heed.model.StepLimit;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.mamba.Mamba2Keys;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Granite 4 checkpoints: Mamba 2 and attention, experts beside a network for every token. */
public final class GraniteHybridFamily extends DecoderFamily {
  private static final Dropout NONE = new Dropout(0);

  /** The family. */
  public GraniteHybridFamily() {
    super("granitemoehybrid", "GraniteMoeHybrid");
  }

  /**
   * The keys of a config.
   *
   * @param sharedIntermediateSize inner size of the network for every token
   * @param positionEmbeddingType {@code rope}, or none
   */
  record Config(
      @Default("32000") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("11008") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("2048") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout,
      @Default("1.0") double embeddingMultiplier,
      @Default("1.0") double attentionMultiplier,
      @Default("1.0") double residualMultiplier,
      @Default("1.0") double logitsScaling,
      @Default("1024") int sharedIntermediateSize,
      @Only({"null", "rope", "nope"}) @Nullable String positionEmbeddingType,
      @Default("rmsnorm") @Only("rmsnorm") String normalizationFunction)
      implements DecoderSizes {}

  /** What a layer is made of. */
  private record Parts(
      Config config,
      GraniteExperts experts,
      List<HeadChange> changes,
      Mamba2Config sizes,
      Mamba2Choices choices) {}

  @Override
  public Set<String> ignoredKeys() {
    // How many tokens are scanned at once; what parameters start from.
    return Set.of("mamba_chunk_size", "time_step_min", "time_step_max", "init_method");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig given) {
    ModelConfig keys = given.aliased("layers_block_type", "layer_types");
    Config config = DecoderSizes.read(keys, Config.class);
    List<Boolean> attends =
        LayerType.attending(
            keys, "layer_types", config.numHiddenLayers(), "attention", "mamba", i -> false);
    Parts parts = parts(keys, config);
    DecoderBody body =
        DecoderBody.of(
                config.words(weights, keys),
                IntStream.range(0, config.numHiddenLayers())
                    .mapToObj(i -> layer(weights.child("layers", i), parts, attends.get(i)))
                    .toList(),
                norm(weights.child("norm"), config),
                config.tieWordEmbeddings())
            .embedded(x -> x.mul(config.embeddingMultiplier()))
            .scored(scores -> scores.div(config.logitsScaling()));
    return parts.experts().numLocalExperts() == 0 ? body : body.routed(parts.experts().routing());
  }

  private static Parts parts(ModelConfig keys, Config config) {
    Mamba2Keys mamba = keys.read(Mamba2Keys.class);
    StepLimit limit = StepLimit.of(keys);
    RotaryConfig rotary = RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings());
    boolean turned = "rope".equals(config.positionEmbeddingType());
    long size = config.hiddenSize();
    return new Parts(
        config,
        keys.read(GraniteExperts.class),
        turned
            ? List.of(
                HeadChange.rotary(
                    rotary.positions(PairLayout.HALF_SPLIT, config.heads().headSize())))
            : List.of(),
        mamba.sizes(keys, size, mamba.mambaExpand() * size),
        new Mamba2Choices(
            mamba.mambaProjBias(),
            mamba.mambaProjBias(),
            mamba.mambaConvBias(),
            config.activation(),
            Gating.NORM_OF_ALL,
            config.rmsNormEps(),
            limit.shortest(),
            limit.longest(),
            List.of()));
  }

  private static TransformerLayer layer(Weights weights, Parts parts, boolean attends) {
    Config config = parts.config();
    LayerBody mixer =
        attends
            ? attention(weights.child("self_attn"), config, parts.changes())
            : LayerBody.stateful(
                new Mamba2Block(weights.child("mamba"), parts.sizes(), parts.choices()));
    Norm share = x -> x.mul(config.residualMultiplier());
    return new TransformerLayer(
        weights,
        Residual.sandwich(norm(weights.child("input_layernorm"), config), mixer, share, NONE),
        Residual.sandwich(
            norm(weights.child("post_attention_layernorm"), config),
            network(weights, parts),
            share,
            NONE));
  }

  private static LayerBody attention(Weights weights, Config config, List<HeadChange> changes) {
    boolean bias = config.attentionBias();
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), bias, bias),
        config.numAttentionHeads(),
        changes,
        new ScaledDotProduct(config.attentionMultiplier(), new Dropout(config.attentionDropout())),
        0);
  }

  private static LayerBody network(Weights weights, Parts parts) {
    Config config = parts.config();
    Weights path = weights.child("shared_mlp");
    long size = config.hiddenSize();
    long inner = config.sharedIntermediateSize();
    GatedFeedForward shared =
        GatedFeedForward.fused(
            path,
            Linear.of(path.child("input_linear"), size, 2 * inner, false),
            Linear.of(path.child("output_linear"), inner, size, false),
            config.activation(),
            NONE);
    return parts.experts().numLocalExperts() == 0
        ? LayerBody.each(shared::apply)
        : parts
            .experts()
            .mixture(weights.child("block_sparse_moe"), config, x -> shared.apply(x, Trace.NONE));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
