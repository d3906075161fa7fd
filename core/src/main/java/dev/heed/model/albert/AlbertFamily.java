package dev.heed.model.albert;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.BertNames;
import dev.heed.model.bert.Places;
import dev.heed.model.block.TransformerLayer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** ALBERT checkpoints. */
public final class AlbertFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("albert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("Albert", AlbertFamily::encoder)
        .model()
        .maskedWords((root, keys, encoder) -> {
          root.ignoreBelow("sop_classifier");
          return words(root, keys, encoder);
        })
        .with("ForPreTraining", Pooler.REQUIRED, AlbertFamily::preTraining)
        .sequences(
            Pooler.REQUIRED,
            (root, keys, encoder) -> {
              BertConfig config = config(keys);
              Dropout dropout = new Dropout(config.headDropout());
              return ClassifierHead.of(
                  root.child("classifier"), config.hiddenSize(), keys, dropout);
            })
        .tokens((root, keys, encoder) -> {
          BertConfig config = config(keys);
          return TokenClassifierHead.of(root, config.hiddenSize(), keys, config.headDropout());
        })
        .choices(
            Pooler.REQUIRED,
            (root, keys, encoder) -> {
              BertConfig config = config(keys);
              return ClassifierHead.ofChoices(
                  root.child("classifier"), config.hiddenSize(), new Dropout(config.headDropout()));
            })
        .answers((root, keys, encoder) -> SpanHead.of(root, config(keys).hiddenSize(), 0))
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .base("albert", "predictions", "sop_classifier", "classifier", "qa_outputs");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of the authors' code; nothing of the model that was published reads them.
    return Set.of(
        "down_scale_factor",
        "gap_size",
        "layers_to_keep",
        "net_structure_type",
        "num_memory_blocks");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(AlbertConfig.class).bert();
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    AlbertConfig choices = keys.read(AlbertConfig.class);
    BertConfig config = choices.bert();
    Weights weights = root.child("albert");
    int words = choices.embeddingSize();
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"),
            config,
            new BertEmbeddings.Plan(words, Places.FROM_ZERO, true));
    Weights encoder = weights.child("encoder");
    Linear project =
        Linear.of(encoder.child("embedding_hidden_mapping_in"), words, config.hiddenSize());
    return new EncoderModel.Parts(
        run -> project.apply(embeddings.apply(run)),
        TransformerStack.of(layers(encoder, choices)),
        pooler.at(weights.child("pooler"), config.hiddenSize()),
        Head.NONE,
        embeddings.table());
  }

  /** Layers in the order they are gone through; those of a group share their parameters. */
  private static List<TransformerLayer> layers(Weights encoder, AlbertConfig config) {
    BertLayers plan = BertLayers.of(config.bert()).named(BertNames.ALBERT);
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      Weights group = encoder.child("albert_layer_groups", config.group(i));
      for (int j = 0; j < config.innerGroupNum(); j++) {
        String use = encoder.name("layer." + layers.size());
        layers.add(plan.layer(group.child("albert_layers", j).tracedAs(use)));
      }
    }
    return layers;
  }

  private static LanguageHead words(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    AlbertConfig config = keys.read(AlbertConfig.class);
    Weights head = root.child("predictions");
    int words = config.embeddingSize();
    WordTransform transform =
        new WordTransform(
            Linear.of(head.child("dense"), config.hiddenSize(), words),
            Activation.named(config.hiddenAct()),
            new LayerNorm(head.child("LayerNorm"), words, config.layerNormEps()));
    boolean tied = keys.flag("tie_word_embeddings", true);
    return LanguageHead.own(transform, LanguageHead.decoder(head, encoder.requireTable(), tied));
  }

  private static Head preTraining(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    BertConfig config = config(keys);
    Linear order = Linear.of(root.child("sop_classifier.classifier"), config.hiddenSize(), 2);
    return new SentenceOrderHead(
        words(root, keys, encoder), order, new Dropout(config.headDropout()));
  }
}
