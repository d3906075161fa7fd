package dev.heed.model.roberta;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily.Builder;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
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
import java.util.function.Function;

/** The heads of RoBERTa, which its relatives have as well. */
public final class RobertaHeads {
  /** RoBERTa's names. */
  static final NameMap NAMES =
      NameMap.plain().base("roberta", "lm_head", "classifier", "qa_outputs");

  private RobertaHeads() {}

  /**
   * A family's architectures.
   *
   * @param name what the class names begin with
   * @param config reads the config in BERT's terms
   * @param encoder what the heads stand on
   */
  public static SequencedMap<String, Builder> architectures(
      String name, Function<ModelConfig, BertConfig> config, EncoderArchitectures.Encoder encoder) {
    return new EncoderArchitectures(name, encoder)
        .model()
        .maskedWords((root, keys, parts) -> words(root, config.apply(keys), keys, parts))
        .sequences(
            Pooler.NONE,
            (root, keys, parts) -> {
              BertConfig sizes = config.apply(keys);
              return ClassifierHead.dense(
                  root.child("classifier"),
                  sizes.hiddenSize(),
                  keys,
                  Activation.TANH,
                  new Dropout(sizes.headDropout()));
            })
        .tokens((root, keys, parts) -> {
          BertConfig sizes = config.apply(keys);
          return TokenClassifierHead.of(root, sizes.hiddenSize(), keys, sizes.headDropout());
        })
        .choices(
            Pooler.REQUIRED,
            (root, keys, parts) -> {
              BertConfig sizes = config.apply(keys);
              return ClassifierHead.ofChoices(
                  root.child("classifier"),
                  sizes.hiddenSize(),
                  new Dropout(sizes.hiddenDropoutProb()));
            })
        .answers((root, keys, parts) -> SpanHead.of(root, config.apply(keys).hiddenSize(), 0))
        .builders();
  }

  /** The masked-word head {@code lm_head}, whose activation is GELU whatever the layers' is. */
  public static LanguageHead words(
      Weights root, BertConfig config, ModelConfig keys, EncoderModel.Parts encoder) {
    Weights head = root.child("lm_head");
    int size = config.hiddenSize();
    WordTransform transform =
        new WordTransform(
            Linear.of(head.child("dense"), size, size),
            Activation.GELU,
            new LayerNorm(head.child("layer_norm"), size, config.layerNormEps()));
    boolean tied = keys.flag("tie_word_embeddings", true);
    return LanguageHead.own(transform, LanguageHead.decoder(head, encoder.requireTable(), tied));
  }
}
