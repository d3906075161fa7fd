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
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
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
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    MixtralExperts experts = keys.read(MixtralExperts.class);
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
                .mapToObj(
                    i -> layer(weights.child("layers", i), config, experts, rotary, windows.get(i)))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows)
        .routed(experts.routing());
  }

  private static TransformerLayer layer(
      Weights weights, Config config, MixtralExperts experts, RotaryPositions rotary, int window) {
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
        experts.mixture(weights.child("block_sparse_moe"), config));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
