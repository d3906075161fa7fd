package dev.heed.model.openaigpt;

import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.DecoderModel;
import dev.heed.model.DecoderModel.Tokens;
import dev.heed.model.Default;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Reach;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** GPT checkpoints. Linear maps are stored as {@code [in, out]}. */
public final class OpenAiGptFamily implements ModelFamily {
  record Config(
      @Default("40478") int vocabSize,
      @Default("512") int nPositions,
      @Default("768") int nEmbd,
      @Default("12") int nLayer,
      @Default("12") int nHead,
      @Default("gelu") String afn,
      @Default("0.1") double residPdrop,
      @Default("0.1") double embdPdrop,
      @Default("0.1") double attnPdrop,
      @Default("1e-5") double layerNormEpsilon,
      @Default("true") boolean tieWordEmbeddings) {
    /** What this family calls gelu is the tanh approximation. */
    Activation activation() {
      return afn.equals("gelu") ? Activation.GELU_NEW : Activation.named(afn);
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("openai-gpt");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("OpenAIGPTLMHeadModel", OpenAiGptFamily::language);
    builders.put("OpenAIGPTModel", OpenAiGptFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("transformer", "lm_head");
  }

  @Override
  public Set<String> ignoredKeys() {
    // n_ctx repeats n_positions; the summary keys belong to a head for multiple choice.
    return Set.of(
        "n_ctx",
        "n_special",
        "predict_special_tokens",
        "summary_activation",
        "summary_first_dropout",
        "summary_proj_to_labels",
        "summary_type",
        "summary_use_proj");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, keys.read(Config.class), table -> Head.NONE);
  }

  private static Model language(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    return build(
        weights,
        config,
        table ->
            LanguageHead.next(
                LanguageHead.output(
                    weights.child("lm_head"), table, config.tieWordEmbeddings(), false)));
  }

  private static Model build(Weights root, Config config, Function<Tensor, Head> head) {
    Weights weights = root.child("transformer");
    Embedding words =
        new Embedding(weights.child("tokens_embed"), config.vocabSize(), config.nEmbd(), -1);
    Embedding positions =
        new Embedding(weights.child("positions_embed"), config.nPositions(), config.nEmbd(), -1);
    // Old files keep the positions' numbers.
    weights.ignore("position_ids");
    Dropout dropout = new Dropout(config.embdPdrop());
    Function<Tokens, Tensor> embed =
        tokens -> {
          Tensor sum = words.apply(tokens.ids()).add(positions.apply(tokens.within(positions)));
          Tensor types = tokens.run().input().get("token_type_ids");
          return dropout.apply(
              types == null ? sum : sum.add(words.apply(types)), tokens.run().trace());
        };
    List<TransformerLayer> layers =
        IntStream.range(0, config.nLayer())
            .mapToObj(i -> layer(weights.child("h", i), config))
            .toList();
    return new DecoderModel(
        root,
        new DecoderModel.Parts(
            embed,
            TransformerStack.of(layers),
            Collections.nCopies(config.nLayer(), Reach.ALL),
            head.apply(words.weight()),
            words.weight()));
  }

  private static TransformerLayer layer(Weights weights, Config config) {
    int size = config.nEmbd();
    Dropout dropout = new Dropout(config.residPdrop());
    // Old files keep the causal mask beside the weights.
    weights.ignore("attn.bias");
    Weights attention = weights.child("attn");
    MultiHeadAttention self =
        new MultiHeadAttention(
            attention,
            new Fused(
                Linear.transposed(attention.child("c_attn"), size, 3L * size),
                Layout.BLOCKS,
                config.nHead(),
                Linear.transposed(attention.child("c_proj"), size, size)),
            config.nHead(),
            List.of(),
            ScaledDotProduct.dropping(config.attnPdrop()));
    Weights mlp = weights.child("mlp");
    FeedForward network =
        new FeedForward(
            mlp,
            Linear.transposed(mlp.child("c_fc"), size, 4L * size),
            Linear.transposed(mlp.child("c_proj"), 4L * size, size),
            config.activation(),
            new Dropout(0));
    return new TransformerLayer(
        weights,
        Residual.post(norm(weights.child("ln_1"), config), LayerBody.self(self), dropout),
        Residual.post(
            norm(weights.child("ln_2"), config), LayerBody.each(network::apply), dropout));
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.nEmbd(), config.layerNormEpsilon());
  }
}
