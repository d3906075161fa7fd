package dev.heed.model.distilbert;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.BertNames;
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
import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DistilBERT checkpoints. */
public final class DistilBertFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("distilbert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("DistilBert", DistilBertFamily::encoder)
        .model()
        .maskedWords(DistilBertFamily::words)
        .sequences(Pooler.NONE, DistilBertFamily::sequences)
        .tokens((root, keys, encoder) -> {
          DistilBertConfig config = keys.read(DistilBertConfig.class);
          return TokenClassifierHead.of(root, config.dim(), keys, config.dropout());
        })
        .choices(Pooler.NONE, (root, keys, encoder) -> firstToken(root, keys, 1, null))
        .answers((root, keys, encoder) -> {
          DistilBertConfig config = keys.read(DistilBertConfig.class);
          return SpanHead.of(root, config.dim(), config.qaDropout());
        })
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .base("distilbert", "vocab_", "pre_classifier", "classifier", "qa_outputs");
  }

  @Override
  public Set<String> ignoredKeys() {
    // The word table is tied whatever this old key says; tie_word_embeddings is the one that
    // counts.
    return Set.of("tie_weights_");
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    BertConfig config = keys.read(DistilBertConfig.class).bert();
    Weights weights = root.child("distilbert");
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"),
            config,
            new BertEmbeddings.Plan(config.hiddenSize(), Places.FROM_ZERO, true));
    BertLayers layers = BertLayers.of(config).named(BertNames.DISTILBERT);
    return new EncoderModel.Parts(
        embeddings::apply,
        TransformerStack.of(layers.below(weights.child("transformer"))),
        null,
        Head.NONE,
        embeddings.table());
  }

  private static Head words(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    BertConfig config = keys.read(DistilBertConfig.class).bert();
    int size = config.hiddenSize();
    WordTransform transform =
        new WordTransform(
            Linear.of(root.child("vocab_transform"), size, size),
            Activation.named(config.hiddenAct()),
            new LayerNorm(root.child("vocab_layer_norm"), size, config.layerNormEps()));
    boolean tied = keys.flag("tie_word_embeddings", true);
    return LanguageHead.own(
        transform,
        LanguageHead.output(root.child("vocab_projector"), encoder.requireTable(), tied, true));
  }

  private static Head sequences(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    return firstToken(root, keys, keys.labels().size(), ClassifierHead.Problem.of(keys));
  }

  /** Two maps of the first token's state. */
  private static Head firstToken(
      Weights root, ModelConfig keys, int scores, ClassifierHead.@Nullable Problem problem) {
    DistilBertConfig config = keys.read(DistilBertConfig.class);
    Linear inner = Linear.of(root.child("pre_classifier"), config.dim(), config.dim());
    Linear classifier = Linear.of(root.child("classifier"), config.dim(), scores);
    Dropout dropout = new Dropout(config.seqClassifDropout());
    return new ClassifierHead(
        (run, first) ->
            classifier.apply(dropout.apply(inner.apply(first, Activation.RELU), run.trace())),
        problem);
  }
}
