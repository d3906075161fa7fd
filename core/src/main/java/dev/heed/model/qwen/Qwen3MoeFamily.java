package dev.heed.model.qwen;

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
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Qwen 3 mixtures of experts. */
public final class Qwen3MoeFamily extends DecoderFamily {
  /** The family. */
  public Qwen3MoeFamily() {
    super("qwen3_moe", "Qwen3Moe");
  }

  record Config(
      @Default("151936") int vocabSize,
      @Default("2048") int hiddenSize,
      @Default("6144") int intermediateSize,
      @Default("24") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Default("4") @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("32768") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean useSlidingWindow,
      @Default("4096") @Nullable Integer slidingWindow,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    LayerType type = config.useSlidingWindow() ? LayerType.SLIDING : LayerType.FULL;
    List<Integer> windows =
        LayerType.windows(
            keys, Collections.nCopies(config.numHiddenLayers(), type), config.slidingWindow());
    QwenExperts experts = QwenExperts.read(keys, new QwenExperts.Usual(128, 8, 768));
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
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
                            rotary,
                            windows.get(i)),
                        experts.at(i) ? experts : null))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows)
        .routed(experts.routing());
  }

  @Override
  public Set<String> ignoredKeys() {
    // Windows are those of all layers here, or of none.
    return Set.of("max_window_layers");
  }

  private static TransformerLayer layer(
      Weights weights, Config config, LayerBody attention, @Nullable QwenExperts experts) {
    Weights mlp = weights.child("mlp");
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        attention,
        experts == null ? config.feedForward(mlp, false) : experts.mixture(mlp, config, null));
  }

  private static LayerBody attention(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    HeadSizes heads = config.heads();
    boolean bias = config.attentionBias();
    RmsNorm queries = new RmsNorm(weights.child("q_norm"), heads.headSize(), config.rmsNormEps());
    RmsNorm keys = new RmsNorm(weights.child("k_norm"), heads.headSize(), config.rmsNormEps());
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, bias, bias),
        heads.heads(),
        List.of(HeadChange.norms(queries, keys), HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        window);
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
