package dev.heed.model.layoutlm;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.Places;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.SpanHead;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * LayoutLMv3 checkpoints. {@code bbox} i64 {@code [B, T, 4]} says where words stand, {@code
 * pixel_values} what the page looks like.
 */
public final class LayoutLmV3Family implements ModelFamily {
  /** From so many labels on, tokens are classified by two maps. */
  private static final int MANY_LABELS = 10;

  @Override
  public Set<String> modelTypes() {
    return Set.of("layoutlmv3");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("LayoutLMv3", LayoutLmV3Family::encoder)
        .model()
        .sequences(
            Pooler.NONE,
            (root, keys, parts) -> {
              BertConfig config = config(keys);
              return ClassifierHead.dense(
                  root.child("classifier"),
                  config.hiddenSize(),
                  keys,
                  Activation.TANH,
                  new Dropout(config.headDropout()));
            })
        .tokens((root, keys, parts) -> ofWords(tokens(root, keys)))
        .answers((root, keys, parts) ->
            ofWords(twoMaps(root.child("qa_outputs"), 2, config(keys), SpanHead::new)))
        .builders();
  }

  @Override
  public int firstPosition(ModelConfig keys) {
    return config(keys).paddingRow() + 1;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("layoutlmv3", "classifier", "qa_outputs");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(LayoutLmV3Config.class).bert();
  }

  private static Head tokens(Weights root, ModelConfig keys) {
    BertConfig config = config(keys);
    int labels = keys.labels().size();
    return labels < MANY_LABELS
        ? TokenClassifierHead.of(root, config.hiddenSize(), keys, config.hiddenDropoutProb())
        : twoMaps(root.child("classifier"), labels, config, TokenClassifierHead::new);
  }

  /** A head whose map stands behind another one and a tanh. */
  private static Head twoMaps(
      Weights weights, int labels, BertConfig config, BiFunction<Linear, Dropout, Head> head) {
    int size = config.hiddenSize();
    Dropout dropout = new Dropout(config.headDropout());
    Linear dense = Linear.of(weights.child("dense"), size, size);
    Head last = head.apply(Linear.of(weights.child("out_proj"), size, labels), dropout);
    return (run, hidden, pooled) ->
        last.apply(run, dense.apply(dropout.apply(hidden, run.trace()), Activation.TANH), pooled);
  }

  /** The same head on the words alone, without the patches behind them. */
  private static Head ofWords(Head head) {
    return (run, hidden, pooled) -> {
      long words = run.input().require("input_ids").size(1);
      head.apply(run, hidden.narrow(1, 0, words), pooled);
    };
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    LayoutLmV3Config choices = keys.read(LayoutLmV3Config.class);
    BertConfig config = choices.bert();
    Weights weights = root.child("layoutlmv3");
    Weights tables = weights.child("embeddings");
    BertEmbeddings words =
        new BertEmbeddings(
            tables,
            config,
            new BertEmbeddings.Plan(config.hiddenSize(), Places.AFTER_PADDING, true));
    BoxEmbeddings boxes =
        new BoxEmbeddings(
            tables,
            keys.integer("max_2d_position_embeddings", 1024),
            choices.coordinateSize(),
            choices.shapeSize());
    PageImage image = choices.visualEmbed() ? new PageImage(weights, choices) : null;
    Function<Run, Tensor> text =
        run -> words.apply(run, sum -> sum.add(boxes.joined(LayoutLmFamily.boxes(run))));
    Weights encoder = weights.child("encoder");
    PageFrame frame =
        new PageFrame(
            encoder,
            choices,
            image,
            keys.integer("rel_2d_pos_bins", 64),
            keys.integer("max_rel_2d_pos", 256));
    return new EncoderModel.Parts(
            image == null ? text : withImages(weights, config, text, image),
            TransformerStack.of(BertLayers.of(config).below(encoder)),
            null,
            Head.NONE,
            words.table())
        .in(frame);
  }

  private static Function<Run, Tensor> withImages(
      Weights weights, BertConfig config, Function<Run, Tensor> text, PageImage image) {
    LayerNorm norm =
        new LayerNorm(weights.child("LayerNorm"), config.hiddenSize(), config.layerNormEps());
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    return run -> {
      Tensor pixels = run.input().get("pixel_values");
      Tensor words = text.apply(run);
      return pixels == null
          ? words
          : TensorScope.run(() -> {
            Tensor all = Tensor.cat(List.of(words, image.apply(pixels)), 1);
            return dropout.apply(norm.apply(all), run.trace());
          });
    };
  }
}
