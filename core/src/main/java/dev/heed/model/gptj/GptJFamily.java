package dev.heed.model.gptj;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.RotaryScaling;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
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
import org.jspecify.annotations.Nullable;

/** GPT-J checkpoints. */
public final class GptJFamily extends DecoderFamily {
  private static final double BASE = 10_000;

  /** The family. */
  public GptJFamily() {
    super("gptj", "GPTJ");
  }

  record Config(
      @Default("50400") int vocabSize,
      @Default("2048") int nPositions,
      @Default("4096") int nEmbd,
      @Default("28") int nLayer,
      @Default("16") int nHead,
      @Default("64") int rotaryDim,
      @Nullable Integer nInner,
      @Default("gelu_new") String activationFunction,
      @Default("0.0") double residPdrop,
      @Default("0.0") double embdPdrop,
      @Default("0.0") double attnPdrop,
      @Default("1e-5") double layerNormEpsilon,
      @Default("false") boolean tieWordEmbeddings) {
    int inner() {
      return nInner == null ? 4 * nEmbd : nInner;
    }
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of a head for multiple choice, and of the original's layout of its attention.
    return Set.of(
        "gradient_checkpointing",
        "n_ctx",
        "rotary",
        "scale_attn_weights",
        "summary_activation",
        "summary_first_dropout",
        "summary_proj_to_labels",
        "summary_type",
        "summary_use_proj");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    Embedding words = new Embedding(weights.child("wte"), config.vocabSize(), config.nEmbd(), -1);
    RotaryPositions rotary =
        new RotaryPositions(PairLayout.INTERLEAVED, config.rotaryDim(), BASE, RotaryScaling.NONE);
    return DecoderBody.of(
            words,
            IntStream.range(0, config.nLayer())
                .mapToObj(i -> layer(weights.child("h", i), config, rotary))
                .toList(),
            norm(weights.child("ln_f"), config),
            config.tieWordEmbeddings())
        .scoredWithBias()
        .embeddedDropping(config.embdPdrop());
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    long size = config.nEmbd();
    Weights attention = weights.child("attn");
    // Old files keep the causal mask beside the weights.
    attention.ignore("bias", "masked_bias");
    LayerBody self =
        DecoderLayers.attention(
            attention,
            new HeadProjections.Separate(
                Linear.of(attention.child("q_proj"), size, size, false),
                Linear.of(attention.child("k_proj"), size, size, false),
                Linear.of(attention.child("v_proj"), size, size, false),
                Linear.of(attention.child("out_proj"), size, size, false)),
            config.nHead(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attnPdrop()),
            0);
    Weights mlp = weights.child("mlp");
    FeedForward network =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("fc_in"), size, config.inner()),
            Linear.of(mlp.child("fc_out"), config.inner(), size),
            Activation.named(config.activationFunction()),
            new Dropout(0));
    LayerNorm norm = norm(weights.child("ln_1"), config);
    Dropout dropout = new Dropout(config.residPdrop());
    return new TransformerLayer(
        weights,
        Residual.parallel(
            new Branch(norm, self, dropout, Norm.NONE),
            new Branch(norm, LayerBody.each(network::apply), dropout, Norm.NONE)));
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.nEmbd(), config.layerNormEpsilon());
  }
}
