package dev.heed.model.gpt2;

import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.DecoderModel;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/** GPT-2 checkpoints. Linear maps are stored as {@code [in, out]}. */
public final class Gpt2Family implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("gpt2");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("GPT2LMHeadModel", Gpt2Family::language);
    builders.put("GPT2Model", Gpt2Family::model);
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
        "summary_activation",
        "summary_first_dropout",
        "summary_proj_to_labels",
        "summary_type",
        "summary_use_proj");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    Gpt2Config config = keys.read(Gpt2Config.class);
    return build(weights, config, table -> Head.NONE);
  }

  private static Model language(Weights weights, ModelConfig keys) {
    Gpt2Config config = keys.read(Gpt2Config.class);
    return build(
        weights,
        config,
        table ->
            LanguageHead.next(
                LanguageHead.output(
                    weights.child("lm_head"), table, config.tieWordEmbeddings(), false)));
  }

  private static Model build(Weights root, Gpt2Config config, Function<Tensor, Head> head) {
    Weights weights = root.child("transformer");
    int size = config.nEmbd();
    Embedding words = new Embedding(weights.child("wte"), config.vocabSize(), size, -1);
    Embedding positions = new Embedding(weights.child("wpe"), config.nPositions(), size, -1);
    Dropout dropout = new Dropout(config.embdPdrop());
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.nLayer(); i++) {
      layers.add(layer(weights.child("h", i), config, i));
    }
    LayerNorm norm = new LayerNorm(weights.child("ln_f"), size, config.layerNormEpsilon());
    Function<DecoderModel.Tokens, Tensor> embed =
        tokens -> {
          Tensor sum = words.apply(tokens.ids()).add(positions.apply(tokens.within(positions)));
          Tensor types = tokens.run().input().get("token_type_ids");
          return dropout.apply(
              types == null ? sum : sum.add(words.apply(types)), tokens.run().trace());
        };
    return new DecoderModel(
        root,
        new DecoderModel.Parts(
            embed,
            TransformerStack.of(layers, norm),
            Collections.nCopies(config.nLayer(), Reach.ALL),
            head.apply(words.weight()),
            words.weight()));
  }

  /** One layer, at its path. */
  public static TransformerLayer layer(Weights weights, Gpt2Config config, int number) {
    int size = config.nEmbd();
    double epsilon = config.layerNormEpsilon();
    Dropout dropout = new Dropout(config.residPdrop());
    // Old files keep the causal mask beside the weights.
    weights.ignore("attn.bias", "attn.masked_bias");
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
            new ScaledDotProduct(config.scale(number), new Dropout(config.attnPdrop())));
    Weights mlp = weights.child("mlp");
    FeedForward feedForward =
        new FeedForward(
            mlp,
            Linear.transposed(mlp.child("c_fc"), size, config.inner()),
            Linear.transposed(mlp.child("c_proj"), config.inner(), size),
            Activation.named(config.activationFunction()),
            new Dropout(0));
    return new TransformerLayer(
        weights,
        Residual.pre(
            new LayerNorm(weights.child("ln_1"), size, epsilon), LayerBody.self(self), dropout),
        Residual.pre(
            new LayerNorm(weights.child("ln_2"), size, epsilon),
            LayerBody.each(feedForward::apply),
            dropout));
  }
}
