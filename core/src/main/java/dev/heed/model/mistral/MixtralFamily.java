package dev.heed.model.mistral;

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
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.RouterLoss;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.Experts;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.TopKRouter;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Mixtral checkpoints: Mistral whose feed-forward part is a mixture of experts. */
public final class MixtralFamily extends DecoderFamily {
  /** The family. */
  public MixtralFamily() {
    super("mixtral", "Mixtral");
  }

  record Config(
      @Default("32000") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("14336") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Default("8") @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("131072") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Nullable Integer slidingWindow,
      @Default("2") int numExpertsPerTok,
      @Default("8") int numLocalExperts,
      @Default("0.001") double routerAuxLossCoef,
      @Default("0.0") @Only({"0.0", "0"}) double routerJitterNoise,
      @Default("false") boolean outputRouterLogits,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    LayerType type = config.slidingWindow() == null ? LayerType.FULL : LayerType.SLIDING;
    List<Integer> windows =
        LayerType.windows(
            keys, Collections.nCopies(config.numHiddenLayers(), type), config.slidingWindow());
    RotaryPositions rotary =
        RotaryConfig.of(keys, 1_000_000, config.maxPositionEmbeddings())
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

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    Weights attention = weights.child("self_attn");
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), false, false),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            window),
        mixture(weights.child("block_sparse_moe"), config));
  }

  private static LayerBody mixture(Weights weights, Config config) {
    long size = config.hiddenSize();
    int count = config.numLocalExperts();
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            TopKRouter.softmax(weights.child("gate"), size, count, config.numExpertsPerTok(), true),
            Experts.listed(count, i -> expert(weights.child("experts", i), config))));
  }

  private static GatedFeedForward expert(Weights weights, Config config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    return new GatedFeedForward(
        weights,
        Linear.of(weights.child("w1"), size, inner, false),
        Linear.of(weights.child("w3"), size, inner, false),
        Linear.of(weights.child("w2"), inner, size, false),
        config.activation(),
        new Dropout(0));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
