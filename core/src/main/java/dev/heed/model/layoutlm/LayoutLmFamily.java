package dev.heed.model.layoutlm;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertFamily;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.Places;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.SpanHead;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.nn.Dropout;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.SequencedMap;
import java.util.Set;

/**
 * LayoutLM checkpoints. {@code bbox} i64 {@code [B, T, 4]} says where words stand; without it all
 * stand in the corner.
 */
public final class LayoutLmFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("layoutlm");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("LayoutLM", LayoutLmFamily::encoder)
        .model()
        .with(
            "ForMaskedLM",
            Pooler.IF_STORED,
            (root, keys, encoder) -> {
              BertConfig config = config(keys);
              return BertFamily.words(
                  root.child("cls.predictions"),
                  config,
                  config.hiddenSize(),
                  encoder.requireTable(),
                  keys);
            })
        .sequences(
            Pooler.REQUIRED,
            (root, keys, encoder) -> {
              BertConfig config = config(keys);
              Dropout dropout = new Dropout(config.hiddenDropoutProb());
              return ClassifierHead.of(
                  root.child("classifier"), config.hiddenSize(), keys, dropout);
            })
        .with(
            "ForTokenClassification",
            Pooler.IF_STORED,
            (root, keys, encoder) -> {
              BertConfig config = config(keys);
              return TokenClassifierHead.of(
                  root, config.hiddenSize(), keys, config.hiddenDropoutProb());
            })
        .with(
            "ForQuestionAnswering",
            Pooler.IF_STORED,
            (root, keys, encoder) -> SpanHead.of(root, config(keys).hiddenSize(), 0))
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("layoutlm", "cls", "classifier", "qa_outputs");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Heads drop hidden_dropout_prob whatever this key says.
    return Set.of("classifier_dropout");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(LayoutLmConfig.class).bert();
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    BertConfig config = config(keys);
    Weights weights = root.child("layoutlm");
    int size = config.hiddenSize();
    Weights tables = weights.child("embeddings");
    BertEmbeddings embeddings =
        new BertEmbeddings(tables, config, new BertEmbeddings.Plan(size, Places.FROM_ZERO, true));
    BoxEmbeddings boxes =
        new BoxEmbeddings(tables, keys.integer("max_2d_position_embeddings", 1024), size, size);
    return new EncoderModel.Parts(
        run -> embeddings.apply(run, sum -> sum.add(boxes.sum(boxes(run)))),
        TransformerStack.of(BertLayers.of(config).below(weights.child("encoder"))),
        pooler.at(weights.child("pooler.dense"), size),
        Head.NONE,
        embeddings.table());
  }

  /** Where words stand, i64 {@code [B, T, 4]}; all in the corner where the call does not say. */
  static Tensor boxes(Run run) {
    Tensor given = run.input().get("bbox");
    Tensor ids = run.input().require("input_ids");
    return given == null ? Tensor.zeros(Shape.of(ids.size(0), ids.size(1), 4), DType.I64) : given;
  }
}
