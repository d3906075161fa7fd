package dev.heed.model.bert;

import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.model.head.SpanHead;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** BERT checkpoints: the encoder and its heads (Devlin et al. 2019). */
public final class BertFamily implements ModelFamily {
  /** An encoder under construction, which a head stands on. */
  private record Encoder(BertEmbeddings embeddings, TransformerStack stack, @Nullable Norm pooler) {
    Model with(Weights weights, Head head) {
      return new EncoderModel(
          weights,
          new EncoderModel.Parts(embeddings::apply, stack, pooler, head, embeddings.table()));
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("bert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("BertModel", BertFamily::model);
    builders.put("BertForPreTraining", BertFamily::preTraining);
    builders.put("BertForMaskedLM", BertFamily::maskedWords);
    builders.put("BertForNextSentencePrediction", BertFamily::nextSentence);
    builders.put("BertForSequenceClassification", BertFamily::sequences);
    builders.put("BertForTokenClassification", BertFamily::tokens);
    builders.put("BertForQuestionAnswering", BertFamily::answers);
    return builders;
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

  private static Encoder encoder(Weights root, BertConfig config, boolean withPooler) {
    Weights weights = root.child("bert");
    int size = config.hiddenSize();
    BertEmbeddings embeddings = new BertEmbeddings(weights.child("embeddings"), config);
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(BertLayers.layer(weights.child("encoder.layer", i), config));
    }
    Linear pooler = withPooler ? Linear.of(weights.child("pooler.dense"), size, size) : null;
    return new Encoder(
        embeddings,
        TransformerStack.of(layers),
        pooler == null ? null : x -> pooler.apply(x.select(1, 0)).tanh());
  }

  private static Model model(Weights weights, ModelConfig keys) {
    BertConfig config = keys.read(BertConfig.class);
    keys.known("tie_word_embeddings");
    return encoder(weights, config, weights.has("bert.pooler.dense.weight"))
        .with(weights, Head.NONE);
  }

  private static LanguageHead words(
      Weights weights, BertConfig config, ModelConfig keys, Tensor table) {
    int size = config.hiddenSize();
    Weights head = weights.child("cls.predictions");
    Linear dense = Linear.of(head.child("transform.dense"), size, size);
    LayerNorm norm = new LayerNorm(head.child("transform.LayerNorm"), size, config.layerNormEps());
    Activation activation = Activation.named(config.hiddenAct());
    Tensor bias = head.parameter("bias", Initializer.ZEROS, config.vocabSize());
    Linear decoder;
    if (keys.flag("tie_word_embeddings", true)) {
      decoder = Linear.tied(head.child("decoder"), table, bias);
      head.requireTied("decoder.weight", table);
    } else {
      Tensor own =
          head.child("decoder")
              .parameter("weight", Initializer.normal(0.02), config.vocabSize(), size);
      decoder = Linear.tied(head.child("decoder"), own, bias);
    }
    head.requireTied("decoder.bias", bias);
    return new LanguageHead(
        x -> norm.apply(activation.apply(dense.apply(x))), decoder, Norm.NONE, Target.OWN);
  }

  private static Model preTraining(Weights weights, ModelConfig keys) {
    BertConfig config = keys.read(BertConfig.class);
    Encoder encoder = encoder(weights, config, true);
    LanguageHead words = words(weights, config, keys, encoder.embeddings().table());
    Linear follows = Linear.of(weights.child("cls.seq_relationship"), config.hiddenSize(), 2);
    return encoder.with(weights, new PreTrainingHead(words, follows));
  }

  private static Model maskedWords(Weights weights, ModelConfig keys) {
    BertConfig config = keys.read(BertConfig.class);
    weights.ignoreBelow("bert.pooler", "cls.seq_relationship");
    Encoder encoder = encoder(weights, config, false);
    return encoder.with(weights, words(weights, config, keys, encoder.embeddings().table()));
  }

  private static Model nextSentence(Weights weights, ModelConfig keys) {
    BertConfig config = keys.read(BertConfig.class);
    keys.known("tie_word_embeddings");
    weights.ignoreBelow("cls.predictions");
    Linear follows = Linear.of(weights.child("cls.seq_relationship"), config.hiddenSize(), 2);
    return encoder(weights, config, true)
        .with(weights, new ClassifierHead((run, pooled) -> follows.apply(pooled), null));
  }

  private static Model sequences(Weights weights, ModelConfig keys) {
    BertConfig config = keys.read(BertConfig.class);
    keys.known("tie_word_embeddings");
    int labels = keys.labels().size();
    Linear classifier = Linear.of(weights.child("classifier"), config.hiddenSize(), labels);
    Dropout dropout = new Dropout(config.headDropout());
    return encoder(weights, config, true)
        .with(
            weights,
            new ClassifierHead(
                (run, pooled) -> classifier.apply(dropout.apply(pooled, run.trace())),
                ClassifierHead.Problem.of(keys)));
  }

  private static Model tokens(Weights weights, ModelConfig keys) {
    BertConfig config = keys.read(BertConfig.class);
    keys.known("tie_word_embeddings");
    int labels = keys.labels().size();
    Linear classifier = Linear.of(weights.child("classifier"), config.hiddenSize(), labels);
    return encoder(weights, config, false)
        .with(weights, new TokenClassifierHead(classifier, new Dropout(config.headDropout())));
  }

  private static Model answers(Weights weights, ModelConfig keys) {
    BertConfig config = keys.read(BertConfig.class);
    keys.known("tie_word_embeddings");
    Linear outputs = Linear.of(weights.child("qa_outputs"), config.hiddenSize(), 2);
    return encoder(weights, config, false).with(weights, new SpanHead(outputs, new Dropout(0)));
  }
}
