package dev.heed.model.bert;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
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
import dev.heed.tensor.Tensor;
import java.util.SequencedMap;
import java.util.Set;

/** BERT checkpoints: the encoder and its heads (Devlin et al. 2019). */
public final class BertFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("bert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("Bert", BertFamily::encoder)
        .model()
        .with("ForPreTraining", Pooler.REQUIRED, BertFamily::preTraining)
        .maskedWords((root, keys, encoder) -> {
          root.ignoreBelow("cls.seq_relationship");
          return words(root, keys, encoder);
        })
        .with("ForNextSentencePrediction", Pooler.REQUIRED, BertFamily::nextSentence)
        .sequences(
            Pooler.REQUIRED,
            (root, keys, encoder) -> {
              BertConfig config = keys.read(BertConfig.class);
              Dropout dropout = new Dropout(config.headDropout());
              return ClassifierHead.of(
                  root.child("classifier"), config.hiddenSize(), keys, dropout);
            })
        .tokens((root, keys, encoder) -> {
          BertConfig config = keys.read(BertConfig.class);
          return TokenClassifierHead.of(root, config.hiddenSize(), keys, config.headDropout());
        })
        .choices(
            Pooler.REQUIRED,
            (root, keys, encoder) -> {
              BertConfig config = keys.read(BertConfig.class);
              return ClassifierHead.ofChoices(
                  root.child("classifier"), config.hiddenSize(), new Dropout(config.headDropout()));
            })
        .answers(
            (root, keys, encoder) -> SpanHead.of(root, keys.read(BertConfig.class).hiddenSize(), 0))
        .builders();
  }

  @Override
  public boolean packsTexts() {
    return true;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("bert", "cls", "classifier", "qa_outputs");
  }

  @Override
  public Set<String> ignoredKeys() {
    // A pooler of old conversions that nothing reads, and the layer's position in TensorFlow files.
    return Set.of(
        "directionality",
        "pooler_fc_size",
        "pooler_num_attention_heads",
        "pooler_num_fc_layers",
        "pooler_size_per_head",
        "pooler_type");
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    BertConfig config = keys.read(BertConfig.class);
    Weights weights = root.child("bert");
    BertEmbeddings embeddings = new BertEmbeddings(weights.child("embeddings"), config);
    return new EncoderModel.Parts(
        embeddings::apply,
        TransformerStack.of(BertLayers.of(config).below(weights.child("encoder"))),
        pooler.at(weights.child("pooler.dense"), config.hiddenSize()),
        Head.NONE,
        embeddings.table());
  }

  private static LanguageHead words(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    BertConfig config = keys.read(BertConfig.class);
    return words(
        root.child("cls.predictions"), config, config.hiddenSize(), encoder.requireTable(), keys);
  }

  /**
   * The masked-word head of BERT and of relatives that name it alike.
   *
   * @param head its path
   * @param table of words {@code [vocabulary, E]}
   */
  public static LanguageHead words(
      Weights head, BertConfig config, long size, Tensor table, ModelConfig keys) {
    long words = table.size(1);
    WordTransform transform =
        new WordTransform(
            Linear.of(head.child("transform.dense"), size, words),
            Activation.named(config.hiddenAct()),
            new LayerNorm(head.child("transform.LayerNorm"), words, config.layerNormEps()));
    boolean tied = keys.flag("tie_word_embeddings", true);
    return LanguageHead.own(transform, LanguageHead.decoder(head, table, tied));
  }

  private static Linear follows(Weights root, ModelConfig keys) {
    int size = keys.read(BertConfig.class).hiddenSize();
    return Linear.of(root.child("cls.seq_relationship"), size, 2);
  }

  private static Head preTraining(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    return preTraining(root.child("cls"), keys.read(BertConfig.class), encoder, keys);
  }

  /**
   * The head of both training tasks of BERT and of relatives that name it alike.
   *
   * @param head its path
   */
  public static Head preTraining(
      Weights head, BertConfig config, EncoderModel.Parts encoder, ModelConfig keys) {
    int size = config.hiddenSize();
    return new PreTrainingHead(
        words(head.child("predictions"), config, size, encoder.requireTable(), keys),
        Linear.of(head.child("seq_relationship"), size, 2));
  }

  private static Head nextSentence(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    root.ignoreBelow("cls.predictions");
    Linear follows = follows(root, keys);
    return new ClassifierHead((run, pooled) -> follows.apply(pooled), null);
  }
}
