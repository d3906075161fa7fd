package dev.heed.model.nemotron;

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
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Nemotron and Minitron checkpoints: layer norms around one, squared ReLU without gate. */
public final class NemotronFamily extends DecoderFamily {
  /** The family. */
  public NemotronFamily() {
    super("nemotron", "Nemotron");
  }

  record Config(
      @Default("256000") int vocabSize,
      @Default("6144") int hiddenSize,
      @Default("24576") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("48") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("relu2") String hiddenAct,
      @Default("4096") int maxPositionEmbeddings,
      @Default("1e-5") double normEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean attentionBias,
      @Default("false") boolean mlpBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.partial(
                keys, new RotaryConfig.Usual(10_000, 0.5), config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary))
            .toList(),
        norm(weights.child("norm"), config),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    Weights mlp = weights.child("mlp");
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    FeedForward feedForward =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("up_proj"), size, inner, config.mlpBias()),
            Linear.of(mlp.child("down_proj"), inner, size, config.mlpBias()),
            config.activation(),
            new Dropout(0));
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0),
        LayerBody.each(feedForward::apply));
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return LayerNorm.aroundOne(weights, config.hiddenSize(), config.normEps());
  }
}
