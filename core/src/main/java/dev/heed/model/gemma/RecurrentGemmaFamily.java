package dev.heed.model.gemma;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
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
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** RecurrentGemma checkpoints: Griffin's recurrences and attention to the last tokens. */
public final class RecurrentGemmaFamily extends DecoderFamily {
  private static final Dropout NONE = new Dropout(0);
  private static final String ATTENTION = "attention";
  private static final String RECURRENT = "recurrent";
  private static final RotaryConfig.Usual USUAL = new RotaryConfig.Usual(10_000, 0.5);

  /** The family. */
  public RecurrentGemmaFamily() {
    super("recurrent_gemma", "RecurrentGemma");
  }

  record Config(
      @Default("256000") int vocabSize,
      @Default("2560") int hiddenSize,
      @Default("7680") int intermediateSize,
      @Default("26") int numHiddenLayers,
      @Default("10") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer lruWidth,
      @Default("2048") int attentionWindowSize,
      @Default("30.0") @Nullable Double logitsSoftCap,
      @Default("1e-6") double rmsNormEps,
      @Default("gelu_pytorch_tanh") String hiddenActivation,
      @Default("[\"recurrent\",\"recurrent\",\"attention\"]") List<String> blockTypes,
      @Default("0.0") double attentionDropout,
      @Default("false") boolean attentionBias,
      @Default("true") boolean tieWordEmbeddings)
      implements DecoderSizes {
    @Override
    public String hiddenAct() {
      return hiddenActivation;
    }

    /** Nothing depends on the length trained on. */
    @Override
    public int maxPositionEmbeddings() {
      return Integer.MAX_VALUE;
    }

    int width() {
      return lruWidth == null ? hiddenSize : lruWidth;
    }

    /** Whether a layer attends: the types take turns. */
    boolean attends(int layer) {
      return blockTypes.get(layer % blockTypes.size()).equals(ATTENTION);
    }
  }

  @Override
  public Set<String> ignoredKeys() {
    // What parameters start from; that every head has its share of the size.
    return Set.of("w_init_variance_scale", "final_w_init_variance_scale", "head_dim");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    int taps = keys.integer("conv1d_width", 4);
    Config config = DecoderSizes.read(keys, Config.class);
    check(config, keys);
    RotaryPositions rotary =
        RotaryConfig.partial(keys, USUAL, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    // The published model multiplies by a bfloat16.
    Norm scaled =
        x ->
            TensorScope.run(() ->
                x.mul(Tensor.scalar(Math.sqrt(config.hiddenSize()), DType.BF16).to(x.dtype())));
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i ->
                    layer(
                        weights.child("layers", i),
                        config,
                        config.attends(i)
                            ? attention(
                                weights.child("layers", i).child("temporal_block"), config, rotary)
                            : recurrence(
                                weights.child("layers", i).child("temporal_block"), config, taps)))
                .toList(),
            norm(weights.child("final_norm"), config),
            config.tieWordEmbeddings())
        .windows(
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> config.attends(i) ? config.attentionWindowSize() : 0)
                .toList())
        .embedded(scaled)
        .scored(GemmaParts.capped(config.logitsSoftCap()));
  }

  private static void check(Config config, ModelConfig keys) {
    if (config.blockTypes().isEmpty()
        || !List.of(ATTENTION, RECURRENT).containsAll(config.blockTypes())) {
      throw keys.unsupported(
          "block_types",
          "one or more of " + ATTENTION + " and " + RECURRENT,
          keys.json().get("block_types"));
    }
    if (config.attentionWindowSize() < 1) {
      throw keys.unsupported(
          "attention_window_size", "a width from 1", keys.json().get("attention_window_size"));
    }
    if (config.width() % config.numAttentionHeads() != 0) {
      throw keys.unsupported(
          "lru_width",
          "a multiple of the " + config.numAttentionHeads() + " heads",
          keys.json().get("lru_width"));
    }
    if (keys.json().path("head_dim").asInt((int) config.heads().headSize())
        != config.heads().headSize()) {
      throw keys.unsupported(
          "head_dim", "hidden_size / num_attention_heads", keys.json().get("head_dim"));
    }
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), config.attentionBias(), true),
        config.numAttentionHeads(),
        List.of(HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        config.attentionWindowSize());
  }

  private static LayerBody recurrence(Weights weights, Config config, int taps) {
    return LayerBody.self(
        new RecurrentBlock(
            weights,
            new RecurrentBlock.Sizes(
                config.hiddenSize(), config.width(), config.numAttentionHeads(), taps),
            config.activation()));
  }

  private static TransformerLayer layer(Weights weights, Config config, LayerBody temporal) {
    Activation activation = config.activation();
    GatedFeedForward network =
        GatedFeedForward.of(
            weights.child("mlp_block"),
            config.hiddenSize(),
            config.intermediateSize() / 2,
            true,
            activation);
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("temporal_pre_norm"), config), temporal, NONE),
        Residual.pre(
            norm(weights.child("channel_pre_norm"), config), LayerBody.each(network::apply), NONE));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return RmsNorm.aroundOne(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
