package dev.heed.model.cohere;

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
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Norm;
import dev.heed.nn.PerHeadLayerNorm;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Command R checkpoints: attention and feed-forward side by side, scaled scores of words. */
public final class CohereFamily extends DecoderFamily {
  /** The family. */
  public CohereFamily() {
    super("cohere", "Cohere");
  }

  record Config(
      @Default("256000") int vocabSize,
      @Default("8192") int hiddenSize,
      @Default("22528") int intermediateSize,
      @Default("40") int numHiddenLayers,
      @Default("64") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("8192") int maxPositionEmbeddings,
      @Default("1e-5") double layerNormEps,
      @Default("true") boolean tieWordEmbeddings,
      @Default("0.0625") double logitScale,
      @Default("false") boolean useQkNorm,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  public Set<String> ignoredKeys() {
    // A length for tokenizers.
    return Set.of("model_max_length");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.INTERLEAVED, config.heads().headSize());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("layers", i), config, rotary))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings())
        .scored(scores -> scores.mul(config.logitScale()));
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    LayerNorm norm = norm(weights.child("input_layernorm"), config);
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.parallel(
            new Branch(
                norm, attention(weights.child("self_attn"), config, rotary), none, Norm.NONE),
            new Branch(norm, config.feedForward(weights.child("mlp"), false), none, Norm.NONE)));
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    HeadSizes heads = config.heads();
    boolean bias = config.attentionBias();
    List<HeadChange> changes = new ArrayList<>();
    if (config.useQkNorm()) {
      double epsilon = config.layerNormEps();
      changes.add(
          HeadChange.norms(
              PerHeadLayerNorm.of(
                  weights.child("q_norm"), heads.heads(), heads.headSize(), epsilon),
              PerHeadLayerNorm.of(
                  weights.child("k_norm"), heads.keyHeads(), heads.headSize(), epsilon)));
    }
    changes.add(HeadChange.rotary(rotary));
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, bias, bias),
        heads.heads(),
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps(), false);
  }
}
