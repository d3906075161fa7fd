package dev.heed.model.falcon;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.score.Alibi;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderModel.Bias;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.Branch;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.bloom.AlibiPositions;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Falcon checkpoints. */
public final class FalconFamily extends DecoderFamily {
  private static final double BASE = 10_000;

  /** The family. */
  public FalconFamily() {
    super("falcon", "Falcon");
  }

  record Config(
      @Default("65024") int vocabSize,
      @Default("4544") int hiddenSize,
      @Default("32") int numHiddenLayers,
      @Default("71") int numAttentionHeads,
      @Nullable Integer numLnInParallelAttn,
      @Default("1e-5") double layerNormEpsilon,
      @Default("0.0") double hiddenDropout,
      @Default("0.0") double attentionDropout,
      @Nullable Integer numKvHeads,
      @Default("false") boolean alibi,
      @Default("false") boolean newDecoderArchitecture,
      @Default("true") boolean multiQuery,
      @Default("true") boolean parallelAttn,
      @Default("false") boolean bias,
      @Default("2048") int maxPositionEmbeddings,
      @Nullable Integer ffnHiddenSize,
      @Default("gelu") String activation,
      @Default("true") boolean tieWordEmbeddings) {
    int keyHeads() {
      if (newDecoderArchitecture) {
        return numKvHeads == null ? numAttentionHeads : numKvHeads;
      }
      return multiQuery ? 1 : numAttentionHeads;
    }

    int inner() {
      return ffnHiddenSize == null ? 4 * hiddenSize : ffnHiddenSize;
    }

    /** Whether attention and feed-forward each have a norm before them. */
    boolean twoNorms() {
      return newDecoderArchitecture && (numLnInParallelAttn == null || numLnInParallelAttn == 2);
    }
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    int headSize = config.hiddenSize() / config.numAttentionHeads();
    RotaryConfig rotary = RotaryConfig.of(keys, BASE, config.maxPositionEmbeddings());
    List<HeadChange> changes =
        config.alibi()
            ? List.of()
            : List.of(HeadChange.rotary(rotary.positions(PairLayout.HALF_SPLIT, headSize)));
    Embedding words =
        new Embedding(
            weights.child("word_embeddings"), config.vocabSize(), config.hiddenSize(), -1);
    DecoderBody body =
        DecoderBody.of(
            words,
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("h", i), config, changes))
                .toList(),
            norm(weights.child("ln_f"), config),
            config.tieWordEmbeddings());
    if (!config.alibi()) {
      return body;
    }
    // The reference's eager attention finds the bias in its mask and adds it once more.
    boolean eager = keys.json().path("_attn_implementation").asString("").equals("eager");
    return body.biased(alibi(config.numAttentionHeads(), headSize, eager ? 2 : 1));
  }

  /**
   * {@code (q·k + bias) / √D}, with slopes and their products in bf16 as the reference has them.
   *
   * @param times how often it is added
   */
  private static Bias alibi(int heads, int headSize, int times) {
    double[] slopes = Alibi.slopes(heads);
    double scale = times / Math.sqrt(headSize);
    return (keep, keys) ->
        AlibiPositions.counted(
            slopes,
            AlibiPositions.all(keep, keys),
            (slope, place) ->
                slope.to(DType.BF16).mul(place.to(DType.BF16)).to(DType.F64).mul(scale));
  }

  private static TransformerLayer layer(Weights weights, Config config, List<HeadChange> changes) {
    LayerBody self = attention(weights.child("self_attention"), config, changes);
    Weights mlp = weights.child("mlp");
    FeedForward network =
        new FeedForward(
            mlp,
            Linear.of(
                mlp.child("dense_h_to_4h"), config.hiddenSize(), config.inner(), config.bias()),
            Linear.of(
                mlp.child("dense_4h_to_h"), config.inner(), config.hiddenSize(), config.bias()),
            Activation.named(config.activation()),
            new Dropout(0));
    LayerBody feedForward = LayerBody.each(network::apply);
    Dropout dropout = new Dropout(config.hiddenDropout());
    if (!config.parallelAttn()) {
      return new TransformerLayer(
          weights,
          Residual.pre(norm(weights.child("input_layernorm"), config), self, dropout),
          Residual.pre(
              norm(weights.child("post_attention_layernorm"), config), feedForward, dropout));
    }
    LayerNorm before =
        norm(weights.child(config.twoNorms() ? "ln_attn" : "input_layernorm"), config);
    LayerNorm other = config.twoNorms() ? norm(weights.child("ln_mlp"), config) : before;
    return new TransformerLayer(
        weights,
        Residual.parallel(
            new Branch(before, self, dropout, Norm.NONE),
            new Branch(other, feedForward, dropout, Norm.NONE)));
  }

  private static LayerBody attention(Weights weights, Config config, List<HeadChange> changes) {
    long size = config.hiddenSize();
    long together = (config.numAttentionHeads() + 2L * config.keyHeads());
    long headSize = size / config.numAttentionHeads();
    return DecoderLayers.attention(
        weights,
        new Fused(
            Linear.of(weights.child("query_key_value"), size, together * headSize, config.bias()),
            Layout.GROUPS,
            config.keyHeads(),
            Linear.of(weights.child("dense"), size, size, config.bias())),
        config.numAttentionHeads(),
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEpsilon());
  }
}
