package dev.heed.model.longformer;

import dev.heed.attention.sparse.LongformerSelfAttention;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.Places;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.SpanHead;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.model.longformer.LongformerFrame.Globals;
import dev.heed.model.roberta.RobertaHeads;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Longformer checkpoints. {@code global_attention_mask} {@code [B, T]} names the tokens that see
 * all; without it those that the head needs: the first for classes, the question for answers.
 */
public final class LongformerFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("longformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.putAll(
        with(Globals.NONE)
            .model()
            .maskedWords((root, keys, parts) -> RobertaHeads.words(root, config(keys), keys, parts))
            .tokens((root, keys, parts) -> {
              BertConfig config = config(keys);
              return TokenClassifierHead.of(
                  root, config.hiddenSize(), keys, config.hiddenDropoutProb());
            })
            .builders());
    builders.putAll(
        with(Globals.FIRST)
            .sequences(
                Pooler.NONE,
                (root, keys, parts) -> {
                  BertConfig config = config(keys);
                  return ClassifierHead.dense(
                      root.child("classifier"),
                      config.hiddenSize(),
                      keys,
                      Activation.TANH,
                      new Dropout(config.hiddenDropoutProb()));
                })
            .builders());
    builders.putAll(
        with(Globals.QUESTION)
            .answers((root, keys, parts) -> SpanHead.of(root, config(keys).hiddenSize(), 0))
            .builders());
    return builders;
  }

  @Override
  public int firstPosition(ModelConfig keys) {
    return config(keys).paddingRow() + 1;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("longformer", "lm_head", "classifier", "qa_outputs");
  }

  @Override
  public Set<String> ignoredKeys() {
    // How the model was exported.
    return Set.of("onnx_export");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(LongformerConfig.class).bert();
  }

  private static EncoderArchitectures with(Globals globals) {
    return new EncoderArchitectures(
        "Longformer", (root, keys, pooler) -> encoder(root, keys, pooler, globals));
  }

  private static EncoderModel.Parts encoder(
      Weights root, ModelConfig keys, Pooler pooler, Globals globals) {
    LongformerConfig choices = keys.read(LongformerConfig.class);
    BertConfig config = choices.bert();
    int size = config.hiddenSize();
    Weights weights = root.child("longformer");
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"),
            config,
            new BertEmbeddings.Plan(size, Places.AFTER_PADDING, true));
    BertLayers plan = BertLayers.of(config);
    List<Integer> windows = choices.windows();
    int widest = Collections.max(windows);
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      Weights layer = weights.child("encoder.layer", i);
      Weights attention = layer.child("attention");
      layers.add(
          plan.layer(
              layer,
              new LongformerSelfAttention(
                  attention.child("self"),
                  Linear.of(attention.child("output.dense"), size, size),
                  config.numAttentionHeads(),
                  windows.get(i) / 2,
                  widest,
                  new Dropout(config.attentionProbsDropoutProb()))));
    }
    return new EncoderModel.Parts(
            embeddings::apply,
            TransformerStack.of(layers),
            pooler.at(weights.child("pooler.dense"), size),
            Head.NONE,
            embeddings.table())
        .in(new LongformerFrame(globals, choices.sepTokenId()));
  }
}
