package dev.heed.model.gptneox;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.Branch;
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

/** GPT-NeoX and Pythia checkpoints. */
public final class GptNeoXFamily extends DecoderFamily {
  private static final RotaryConfig.Usual USUAL = new RotaryConfig.Usual(10_000, 0.25);

  /** The family. */
  public GptNeoXFamily() {
    super("gpt_neox", "GPTNeoX");
  }

  record Config(
      @Default("50432") int vocabSize,
      @Default("6144") int hiddenSize,
      @Default("44") int numHiddenLayers,
      @Default("64") int numAttentionHeads,
      @Default("24576") int intermediateSize,
      @Default("gelu") String hiddenAct,
      @Default("0.0") double attentionDropout,
      @Default("0.0") double hiddenDropout,
      @Default("2048") int maxPositionEmbeddings,
      @Default("1e-5") double layerNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("true") boolean useParallelResidual,
      @Default("true") boolean attentionBias) {}

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .with("^gpt_neox\\.", "model.")
        .with("^embed_out\\.", "lm_head.")
        .base("model", "lm_head.", "score.", "qa_outputs.", "classifier.");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of a head for tokens, while it trains.
    return Set.of("classifier_dropout");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    ModelConfig plain =
        keys.aliased("rotary_emb_base", "rope_theta")
            .aliased("rotary_pct", "partial_rotary_factor");
    Config config = plain.read(Config.class);
    RotaryPositions rotary =
        RotaryConfig.partial(plain, USUAL, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.hiddenSize() / config.numAttentionHeads());
    Embedding words =
        new Embedding(weights.child("embed_in"), config.vocabSize(), config.hiddenSize(), -1);
    return DecoderBody.of(
            words,
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> layer(weights.child("layers", i), config, rotary))
                .toList(),
            norm(weights.child("final_layer_norm"), config),
            config.tieWordEmbeddings())
        .embeddedDropping(config.hiddenDropout());
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    long size = config.hiddenSize();
    Weights attention = weights.child("attention");
    // Old files keep the causal mask beside the weights.
    attention.ignore("bias", "masked_bias");
    LayerBody self =
        DecoderLayers.attention(
            attention,
            new Fused(
                Linear.of(
                    attention.child("query_key_value"), size, 3 * size, config.attentionBias()),
                Layout.GROUPS,
                config.numAttentionHeads(),
                Linear.of(attention.child("dense"), size, size, config.attentionBias())),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0);
    Weights mlp = weights.child("mlp");
    FeedForward network =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("dense_h_to_4h"), size, config.intermediateSize()),
            Linear.of(mlp.child("dense_4h_to_h"), config.intermediateSize(), size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    LayerBody feedForward = LayerBody.each(network::apply);
    LayerNorm before = norm(weights.child("input_layernorm"), config);
    LayerNorm between = norm(weights.child("post_attention_layernorm"), config);
    Dropout dropout = new Dropout(config.hiddenDropout());
    return config.useParallelResidual()
        ? new TransformerLayer(
            weights,
            Residual.parallel(
                new Branch(before, self, dropout, Norm.NONE),
                new Branch(between, feedForward, dropout, Norm.NONE)))
        : new TransformerLayer(
            weights,
            Residual.pre(before, self, dropout),
            Residual.pre(between, feedForward, dropout));
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }
}
