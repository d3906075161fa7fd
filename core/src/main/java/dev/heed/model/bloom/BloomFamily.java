package dev.heed.model.bloom;

import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** BLOOM checkpoints. */
public final class BloomFamily extends DecoderFamily {
  /** The family. */
  public BloomFamily() {
    super("bloom", "Bloom");
  }

  record Config(
      @Default("250880") int vocabSize,
      @Default("64") int hiddenSize,
      @Default("2") int nLayer,
      @Default("8") int nHead,
      @Default("1e-5") double layerNormEpsilon,
      @Default("false") boolean applyResidualConnectionPostLayernorm,
      @Default("0.0") double hiddenDropout,
      @Default("0.0") double attentionDropout,
      @Default("1") int pretrainingTp,
      @Default("false") boolean slowButExact,
      @Default("true") boolean tieWordEmbeddings) {}

  @Override
  public Set<String> ignoredKeys() {
    // How the original code was split and fused, which gives the same sums.
    return Set.of(
        "attention_softmax_in_fp32",
        "bias_dropout_fusion",
        "masked_softmax_fusion",
        "n_inner",
        "offset_alibi",
        "seq_length",
        "skip_bias_add",
        "skip_bias_add_qkv",
        "unk_token_id");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config =
        keys.aliased("n_embed", "hidden_size")
            .aliased("num_hidden_layers", "n_layer")
            .aliased("num_attention_heads", "n_head")
            .read(Config.class);
    Embedding words =
        new Embedding(
            weights.child("word_embeddings"), config.vocabSize(), config.hiddenSize(), -1);
    LayerNorm first = norm(weights.child("word_embeddings_layernorm"), config);
    List<TransformerLayer> layers =
        IntStream.range(0, config.nLayer())
            .mapToObj(i -> layer(weights.child("h", i), config))
            .toList();
    return DecoderBody.of(
            words, layers, norm(weights.child("ln_f"), config), config.tieWordEmbeddings())
        .embedded(first)
        .biased(AlibiPositions.ofHeads(config.nHead()));
  }

  private static TransformerLayer layer(Weights weights, Config config) {
    long size = config.hiddenSize();
    Weights attention = weights.child("self_attention");
    LayerBody self =
        DecoderLayers.attention(
            attention,
            new Fused(
                Linear.of(attention.child("query_key_value"), size, 3 * size),
                Layout.GROUPS,
                config.nHead(),
                Linear.of(attention.child("dense"), size, size)),
            config.nHead(),
            List.of(),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0);
    Weights mlp = weights.child("mlp");
    FeedForward feedForward =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("dense_h_to_4h"), size, 4 * size),
            Linear.of(mlp.child("dense_4h_to_h"), 4 * size, size),
            Activation.GELU_FAST,
            new Dropout(0));
    return new TransformerLayer(
        weights,
        block(weights.child("input_layernorm"), self, config),
        block(
            weights.child("post_attention_layernorm"), LayerBody.each(feedForward::apply), config));
  }

  private static Residual block(Weights weights, LayerBody body, Config config) {
    Norm norm = norm(weights, config);
    Dropout dropout = new Dropout(config.hiddenDropout());
    return config.applyResidualConnectionPostLayernorm()
        ? Residual.aroundNormed(norm, body, dropout)
        : Residual.pre(norm, body, dropout);
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEpsilon());
  }
}
