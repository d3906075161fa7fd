package dev.heed.model.deberta;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily.Builder;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertFamily;
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
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.SequencedMap;
import java.util.function.Function;

/** The heads of all versions of DeBERTa. */
final class DebertaHeads {
  private DebertaHeads() {}

  /** Builds the encoder. */
  @FunctionalInterface
  interface Encoder {
    EncoderModel.Parts build(Weights weights, ModelConfig keys);
  }

  static SequencedMap<String, Builder> architectures(
      String name, Function<ModelConfig, ? extends DebertaChoices> config, Encoder encoder) {
    return new EncoderArchitectures(
            name, (root, keys, pooler) -> encoder.build(root.child("deberta"), keys))
        .with(
            "Model",
            Pooler.NONE,
            (root, keys, parts) -> {
              // Published files of the third version hold the heads of its training.
              root.ignoreBelow("lm_predictions", "mask_predictions");
              return Head.NONE;
            })
        .maskedWords((root, keys, parts) -> {
          DebertaChoices choices = config.apply(keys);
          return choices.legacy()
              ? legacyWords(root, choices, parts.requireTable(), keys)
              : words(root, choices, parts.requireTable(), keys);
        })
        .sequences(Pooler.NONE, (root, keys, parts) -> sequences(root, config.apply(keys), keys))
        .tokens((root, keys, parts) -> {
          BertConfig sizes = config.apply(keys).bert();
          return TokenClassifierHead.of(root, sizes.hiddenSize(), keys, sizes.hiddenDropoutProb());
        })
        .answers(
            (root, keys, parts) -> SpanHead.of(root, config.apply(keys).bert().hiddenSize(), 0))
        .builders();
  }

  private static LanguageHead legacyWords(
      Weights root, DebertaChoices choices, Tensor table, ModelConfig keys) {
    BertConfig sizes = choices.bert();
    return BertFamily.words(root.child("cls.predictions"), sizes, sizes.hiddenSize(), table, keys);
  }

  /** Scores by the token table, always. */
  private static LanguageHead words(
      Weights root, DebertaChoices choices, Tensor table, ModelConfig keys) {
    BertConfig sizes = choices.bert();
    Weights head = root.child("lm_predictions.lm_head");
    int size = sizes.hiddenSize();
    if (!keys.flag("tie_word_embeddings", true)) {
      throw keys.unsupported(
          "tie_word_embeddings", "true where legacy is false", keys.json().get("legacy"));
    }
    WordTransform transform =
        new WordTransform(
            Linear.of(head.child("dense"), size, size),
            Activation.named(sizes.hiddenAct()),
            new LayerNorm(head.child("LayerNorm"), size, sizes.layerNormEps()));
    Tensor bias = head.parameter("bias", Initializer.ZEROS, sizes.vocabSize());
    return LanguageHead.own(transform, Linear.tied(head.child("decoder"), table, bias));
  }

  /** A pooler of the first token, then a classifier. */
  private static Head sequences(Weights root, DebertaChoices choices, ModelConfig keys) {
    BertConfig sizes = choices.bert();
    int size = sizes.hiddenSize();
    Linear dense = Linear.of(root.child("pooler.dense"), size, size);
    Linear classifier = Linear.of(root.child("classifier"), size, keys.labels().size());
    Activation activation = Activation.named(choices.poolerHiddenAct());
    Dropout before = new Dropout(choices.poolerDropout());
    Dropout after = new Dropout(sizes.headDropout());
    return new ClassifierHead(
        (run, first) -> {
          Tensor pooled = dense.apply(before.apply(first, run.trace()), activation);
          return classifier.apply(after.apply(pooled, run.trace()));
        },
        ClassifierHead.Problem.of(keys));
  }
}
