package dev.heed.model.minimax;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.mixer.linear.LightningAttention;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.mistral.MixtralExperts;
import dev.heed.nn.Embedding;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** MiniMax-Text-01 checkpoints in the layout of transformers. */
public final class MiniMaxFamily extends DecoderFamily {
  /** The family. */
  public MiniMaxFamily() {
    super("minimax", "MiniMax");
  }

  /**
   * The keys of a config: {@code alpha} weighs the normed stream, {@code beta} what a branch adds.
   */
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
      @Default("0.0") double attentionDropout,
      @Default("1") double fullAttnAlphaFactor,
      @Default("1") double fullAttnBetaFactor,
      @Default("1") double linearAttnAlphaFactor,
      @Default("1") double linearAttnBetaFactor,
      @Default("1") double mlpAlphaFactor,
      @Default("1") double mlpBetaFactor)
      implements DecoderSizes {
    int window() {
      return slidingWindow == null ? 0 : slidingWindow;
    }
  }

  @Override
  public Set<String> ignoredKeys() {
    // How many tokens are computed at once.
    return Set.of("block_size");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    List<Boolean> attends =
        LayerType.attending(
            keys,
            "layer_types",
            config.numHiddenLayers(),
            "full_attention",
            "linear_attention",
            i -> i % 2 == 0);
    if (config.slidingWindow() != null && config.slidingWindow() < 1) {
      throw keys.unsupported("sliding_window", "a width from 1", keys.json().get("sliding_window"));
    }
    RotaryPositions rotary =
        RotaryConfig.of(keys, 1_000_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    Parts parts = new Parts(config, keys.read(MixtralExperts.class), attends);
    Embedding words = config.words(weights, keys);
    int window = config.window();
    boolean blind = !attends.getFirst();
    return body(weights, words, parts, path -> attention(path, config, rotary, window))
        .windows(attends.stream().map(attending -> attending ? window : 0).toList())
        .recordedAs(() ->
            body(
                weights,
                words,
                parts,
                path ->
                    LayerBody.self(
                        new RecordedAttention(attention(path, config, rotary, 0), window, blind))));
  }

  /** What every layer is made of. */
  private record Parts(Config config, MixtralExperts experts, List<Boolean> attends) {}

  private static DecoderBody body(
      Weights weights, Embedding words, Parts parts, Function<Weights, LayerBody> attention) {
    Config config = parts.config();
    return DecoderBody.of(
            words,
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> {
                  Weights path = weights.child("layers", i);
                  Weights mixer = path.child("self_attn");
                  return parts.attends().get(i)
                      ? layer(
                          path,
                          parts,
                          attention.apply(mixer),
                          config.fullAttnAlphaFactor(),
                          config.fullAttnBetaFactor())
                      : layer(
                          path,
                          parts,
                          lightning(mixer, config, i),
                          config.linearAttnAlphaFactor(),
                          config.linearAttnBetaFactor());
                })
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .routed(parts.experts().routing());
  }

  private static TransformerLayer layer(
      Weights weights, Parts parts, LayerBody mixer, double alpha, double beta) {
    Config config = parts.config();
    return new TransformerLayer(
        weights,
        Residual.weighted(norm(weights.child("input_layernorm"), config), alpha, mixer, beta),
        Residual.weighted(
            norm(weights.child("post_attention_layernorm"), config),
            config.mlpAlphaFactor(),
            parts.experts().mixture(weights.child("block_sparse_moe"), config),
            config.mlpBetaFactor()));
  }

  private static LayerBody attention(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), false, false),
        config.numAttentionHeads(),
        List.of(HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        window);
  }

  private static LayerBody lightning(Weights weights, Config config, int layer) {
    // What follows from the rates, for blocks of the reference's size.
    weights.ignore("query_decay", "key_decay", "diagonal_decay");
    HeadSizes heads = config.heads();
    return LayerBody.stateful(
        new LightningAttention(
            weights,
            config.hiddenSize(),
            heads.heads(),
            heads.headSize(),
            config.activation(),
            new LightningAttention.Depth(layer, config.numHiddenLayers())));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
