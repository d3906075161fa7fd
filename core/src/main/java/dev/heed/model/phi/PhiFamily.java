package dev.heed.model.phi;

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
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.Branch;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Phi-1, 1.5 and 2 checkpoints: attention and feed-forward side by side, biases everywhere. */
public final class PhiFamily extends DecoderFamily {
  /** The family. */
  public PhiFamily() {
    super("phi", "Phi");
  }

  record Config(
      @Default("51200") int vocabSize,
      @Default("2048") int hiddenSize,
      @Default("8192") int intermediateSize,
      @Default("24") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("gelu_new") String hiddenAct,
      @Default("2048") int maxPositionEmbeddings,
      @Default("1e-5") double layerNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean qkLayernorm,
      @Default("0.0") double residPdrop,
      @Default("0.0") double embdPdrop,
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
            norm(weights.child("final_layernorm"), config),
            config.tieWordEmbeddings())
        .scoredWithBias()
        .embeddedDropping(config.embdPdrop());
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    Weights mlp = weights.child("mlp");
    FeedForward feedForward =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("fc1"), config.hiddenSize(), config.intermediateSize()),
            Linear.of(mlp.child("fc2"), config.intermediateSize(), config.hiddenSize()),
            config.activation(),
            new Dropout(0));
    LayerNorm norm = norm(weights.child("input_layernorm"), config);
    LayerBody self = attention(weights.child("self_attn"), config, rotary);
    Dropout dropout = new Dropout(config.residPdrop());
    return new TransformerLayer(
        weights,
        Residual.parallel(
            new Branch(norm, self, dropout, Norm.NONE),
            new Branch(norm, LayerBody.each(feedForward::apply), dropout, Norm.NONE)));
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    HeadSizes heads = config.heads();
    List<HeadChange> changes = new ArrayList<>();
    if (config.qkLayernorm()) {
      double epsilon = config.layerNormEps();
      changes.add(
          HeadChange.norms(
              new LayerNorm(weights.child("q_layernorm"), heads.headSize(), epsilon),
              new LayerNorm(weights.child("k_layernorm"), heads.headSize(), epsilon)));
    }
    changes.add(HeadChange.rotary(rotary));
    return DecoderLayers.attention(
        weights,
        new HeadProjections.Separate(
            Linear.of(weights.child("q_proj"), heads.size(), heads.queries()),
            Linear.of(weights.child("k_proj"), heads.size(), heads.keys()),
            Linear.of(weights.child("v_proj"), heads.size(), heads.keys()),
            Linear.of(weights.child("dense"), heads.queries(), heads.size())),
        heads.heads(),
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }
}
