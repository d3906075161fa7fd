package dev.heed.model.electra;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.Places;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.SpanHead;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.model.head.WordTransform;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;

/** ELECTRA checkpoints: discriminators and generators. */
public final class ElectraFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("electra");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("Electra", ElectraFamily::encoder)
        .model()
        .with("ForPreTraining", Pooler.NONE, ElectraFamily::replaced)
        .maskedWords(ElectraFamily::words)
        .sequences(
            Pooler.NONE,
            (root, keys, encoder) -> {
              BertConfig config = config(keys);
              return ClassifierHead.dense(
                  root.child("classifier"),
                  config.hiddenSize(),
                  keys,
                  Activation.GELU,
                  new Dropout(config.headDropout()));
            })
        .tokens((root, keys, encoder) -> {
          BertConfig config = config(keys);
          return TokenClassifierHead.of(root, config.hiddenSize(), keys, config.headDropout());
        })
        .answers((root, keys, encoder) -> SpanHead.of(root, config(keys).hiddenSize(), 0))
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .base("electra", "discriminator_predictions", "generator_", "classifier", "qa_outputs");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of a head for multiple choice.
    return Set.of("summary_activation", "summary_last_dropout", "summary_type", "summary_use_proj");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(ElectraConfig.class).bert();
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    ElectraConfig choices = keys.read(ElectraConfig.class);
    BertConfig config = choices.bert();
    Weights weights = root.child("electra");
    int words = choices.embeddingSize();
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"),
            config,
            new BertEmbeddings.Plan(words, Places.FROM_ZERO, true));
    Norm project =
        words == config.hiddenSize()
            ? Norm.NONE
            : Linear.of(weights.child("embeddings_project"), words, config.hiddenSize())::apply;
    return new EncoderModel.Parts(
        run -> project.apply(embeddings.apply(run)),
        TransformerStack.of(BertLayers.of(config).below(weights.child("encoder"))),
        null,
        Head.NONE,
        embeddings.table());
  }

  private static Head replaced(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    BertConfig config = config(keys);
    Weights head = root.child("discriminator_predictions");
    return new ReplacedTokenHead(
        Linear.of(head.child("dense"), config.hiddenSize(), config.hiddenSize()),
        Activation.named(config.hiddenAct()),
        Linear.of(head.child("dense_prediction"), config.hiddenSize(), 1));
  }

  private static Head words(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    ElectraConfig config = keys.read(ElectraConfig.class);
    Weights head = root.child("generator_predictions");
    int words = config.embeddingSize();
    WordTransform transform =
        new WordTransform(
            Linear.of(head.child("dense"), config.hiddenSize(), words),
            Activation.GELU,
            new LayerNorm(head.child("LayerNorm"), words, config.layerNormEps()));
    boolean tied = keys.flag("tie_word_embeddings", true);
    return LanguageHead.own(
        transform,
        LanguageHead.output(root.child("generator_lm_head"), encoder.requireTable(), tied, true));
  }
}
