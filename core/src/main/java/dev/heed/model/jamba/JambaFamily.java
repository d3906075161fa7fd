package dev.heed.model.jamba;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.mixer.statespace.MambaBlock;
import dev.heed.mixer.statespace.MambaConfig;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.RouterLoss;
import dev.heed.model.mamba.StepRank;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.Experts;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.TopKRouter;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Jamba checkpoints. */
public final class JambaFamily extends DecoderFamily {
  private static final Dropout NONE = new Dropout(0);

  /** The family. */
  public JambaFamily() {
    super("jamba", "Jamba");
  }

  /**
   * The keys of a config.
   *
   * @param attnLayerPeriod so many layers after an attention layer comes the next
   * @param attnLayerOffset the first attention layer
   * @param expertLayerPeriod so many layers after a mixture comes the next
   * @param expertLayerOffset the first mixture
   */
  record Config(
      @Default("65536") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("14336") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Default("8") @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("262144") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("0.0") double attentionDropout,
      @Only("null") @Nullable Integer slidingWindow,
      @Default("8") int attnLayerPeriod,
      @Default("4") int attnLayerOffset,
      @Default("2") int expertLayerPeriod,
      @Default("1") int expertLayerOffset,
      @Default("16") int numExperts,
      @Default("2") int numExpertsPerTok,
      @Default("0.001") double routerAuxLossCoef,
      @Default("false") boolean outputRouterLogits,
      @Default("16") int mambaDState,
      @Default("4") int mambaDConv,
      @Default("2") int mambaExpand,
      @Default("true") boolean mambaConvBias,
      @Default("false") boolean mambaProjBias)
      implements DecoderSizes {
    /** Checks where layers of a kind stand. */
    Config {
      within("attn_layer_offset", attnLayerOffset, attnLayerPeriod);
      within("expert_layer_offset", expertLayerOffset, expertLayerPeriod);
    }

    private static void within(String key, int offset, int period) {
      if (period < 1 || offset < 0 || offset >= period) {
        throw new IllegalArgumentException(
            key + ": expected a number from 0 and below the period " + period + ", got " + offset);
      }
    }

    boolean attends(int layer) {
      return layer % attnLayerPeriod == attnLayerOffset;
    }

    boolean mixes(int layer) {
      return numExperts > 1 && layer % expertLayerPeriod == expertLayerOffset;
    }
  }

  @Override
  public Set<String> ignoredKeys() {
    // There are no positions; how many tokens are scored at once; which program scans.
    return Set.of("max_position_embeddings", "num_logits_to_keep", "use_mamba_kernels");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    MambaConfig sizes =
        new MambaConfig(
            config.hiddenSize(),
            config.mambaDState(),
            config.mambaExpand(),
            StepRank.of(keys, "mamba_dt_rank", config.hiddenSize()),
            config.mambaDConv());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("layers", i), config, sizes, i))
                .toList(),
            norm(weights.child("final_layernorm"), config),
            config.tieWordEmbeddings())
        .routed(
            new DecoderBody.Routing(
                new RouterLoss.Balance(config.numExpertsPerTok(), config.routerAuxLossCoef()),
                config.outputRouterLogits()));
  }

  private static TransformerLayer layer(
      Weights weights, Config config, MambaConfig sizes, int number) {
    LayerBody mixer =
        config.attends(number)
            ? attention(weights.child("self_attn"), config)
            : LayerBody.stateful(mamba(weights.child("mamba"), config, sizes));
    Weights network = weights.child("feed_forward");
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("input_layernorm"), config), mixer, NONE),
        Residual.pre(
            norm(weights.child("pre_ff_layernorm"), config),
            config.mixes(number) ? mixture(network, config) : config.feedForward(network, false),
            NONE));
  }

  private static LayerBody attention(Weights weights, Config config) {
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), false, false),
        config.numAttentionHeads(),
        List.of(),
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static MambaBlock mamba(Weights weights, Config config, MambaConfig sizes) {
    return new MambaBlock(
        weights,
        sizes,
        new MambaBlock.Choices(
            config.mambaProjBias(),
            config.mambaConvBias(),
            config.activation(),
            config.rmsNormEps()));
  }

  private static LayerBody mixture(Weights weights, Config config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    int count = config.numExperts();
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            TopKRouter.softmax(
                weights.child("router"), size, count, config.numExpertsPerTok(), false),
            Experts.listed(
                count,
                i ->
                    GatedFeedForward.of(
                        weights.child("experts", i), size, inner, false, config.activation()))));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
