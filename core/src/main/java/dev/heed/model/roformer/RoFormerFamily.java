package dev.heed.model.roformer;

import dev.heed.attention.HeadChange;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertFamily;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.SpanHead;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;

/** RoFormer checkpoints. */
public final class RoFormerFamily implements ModelFamily {
  private static final double BASE = 10_000;

  @Override
  public Set<String> modelTypes() {
    return Set.of("roformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("RoFormer", RoFormerFamily::encoder)
        .model()
        .maskedWords((root, keys, encoder) -> {
          BertConfig config = config(keys);
          return BertFamily.words(
              root.child("cls.predictions"),
              config,
              config.hiddenSize(),
              encoder.requireTable(),
              keys);
        })
        .sequences(
            Pooler.NONE,
            (root, keys, encoder) -> {
              BertConfig config = config(keys);
              return ClassifierHead.dense(
                  root.child("classifier"),
                  config.hiddenSize(),
                  keys,
                  Activation.named(config.hiddenAct()),
                  new Dropout(config.hiddenDropoutProb()));
            })
        .tokens((root, keys, encoder) -> {
          BertConfig config = config(keys);
          return TokenClassifierHead.of(
              root, config.hiddenSize(), keys, config.hiddenDropoutProb());
        })
        .answers((root, keys, encoder) -> SpanHead.of(root, config(keys).hiddenSize(), 0))
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("roformer", "cls", "classifier", "qa_outputs");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(RoFormerConfig.class).bert();
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    RoFormerConfig choices = keys.read(RoFormerConfig.class);
    BertConfig config = choices.bert();
    Weights weights = root.child("roformer");
    int words = choices.wordSize();
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"), config, new BertEmbeddings.Plan(words, null, true));
    Norm project =
        words == config.hiddenSize()
            ? Norm.NONE
            : Linear.of(weights.child("embeddings_project"), words, config.hiddenSize())::apply;
    Weights encoder = weights.child("encoder");
    RotaryPositions rotary = new RotaryPositions(PairLayout.INTERLEAVED, config.headSize(), BASE);
    StoredSinusoids.require(
        encoder.child("embed_positions"), config.maxPositionEmbeddings(), config.headSize(), BASE);
    BertLayers layers =
        BertLayers.of(config)
            .with(
                choices.rotaryValue()
                    ? HeadChange.rotaryWithValues(rotary)
                    : HeadChange.rotary(rotary));
    return new EncoderModel.Parts(
        run -> project.apply(embeddings.apply(run)),
        TransformerStack.of(layers.below(encoder)),
        null,
        Head.NONE,
        embeddings.table());
  }
}
