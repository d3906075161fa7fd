package dev.heed.model.starcoder;

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
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** StarCoder 2 checkpoints: layer norms, a feed-forward network without gate, a window. */
public final class Starcoder2Family extends DecoderFamily {
  /** The family. */
  public Starcoder2Family() {
    super("starcoder2", "Starcoder2");
  }

  record Config(
      @Default("49152") int vocabSize,
      @Default("3072") int hiddenSize,
      @Default("12288") int intermediateSize,
      @Default("30") int numHiddenLayers,
      @Default("24") int numAttentionHeads,
      @Default("2") @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("gelu_pytorch_tanh") String hiddenAct,
      @Default("4096") int maxPositionEmbeddings,
      @Default("1e-5") double normEpsilon,
      @Default("true") boolean tieWordEmbeddings,
      @Default("true") boolean useBias,
      @Nullable Integer slidingWindow,
      @Default("0.0") double residualDropout,
      @Default("0.0") double embeddingDropout,
      @Default("default") @Only("default") String mlpType,
      @Default("layer_norm") @Only("layer_norm") String normType,
      @Default("true") @Only("true") boolean scaleAttnWeights,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  public Set<String> ignoredKeys() {
    // What stands in hidden_act counts; the others choose a precision for speed.
    return Set.of(
        "activation_function", "attention_softmax_in_fp32", "scale_attention_softmax_in_fp32");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    LayerType type = config.slidingWindow() == null ? LayerType.FULL : LayerType.SLIDING;
    List<Integer> windows =
        LayerType.windows(
            keys, Collections.nCopies(config.numHiddenLayers(), type), config.slidingWindow());
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("layers", i), config, rotary, windows.get(i)))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .windows(windows)
        .embeddedDropping(config.embeddingDropout());
  }

  private static TransformerLayer layer(
      Weights weights, Config config, RotaryPositions rotary, int window) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.useBias();
    LayerBody self =
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            window);
    Weights mlp = weights.child("mlp");
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    FeedForward feedForward =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("c_fc"), size, inner, bias),
            Linear.of(mlp.child("c_proj"), inner, size, bias),
            config.activation(),
            new Dropout(0));
    Dropout dropout = new Dropout(config.residualDropout());
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("input_layernorm"), config), self, dropout),
        Residual.pre(
            norm(weights.child("post_attention_layernorm"), config),
            LayerBody.each(feedForward::apply),
            dropout));
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.normEpsilon());
  }
}
