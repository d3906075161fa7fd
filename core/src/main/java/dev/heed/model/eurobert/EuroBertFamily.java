package dev.heed.model.eurobert;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderSizes;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.eurobert.EuroBertConfig.Pooling;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.SequenceMean;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.nn.Activation;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** EuroBERT checkpoints. */
public final class EuroBertFamily implements ModelFamily {
  private static final double USUAL_BASE = 250_000;

  @Override
  public Set<String> modelTypes() {
    return Set.of("eurobert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("EuroBert", EuroBertFamily::encoder)
        .model()
        .maskedWords((root, keys, encoder) ->
            LanguageHead.own(
                Norm.NONE,
                LanguageHead.output(
                    root.child("lm_head"),
                    encoder.requireTable(),
                    config(keys).tieWordEmbeddings(),
                    false)))
        .sequences(Pooler.NONE, EuroBertFamily::sequences)
        .tokens((root, keys, encoder) ->
            TokenClassifierHead.of(root, config(keys).hiddenSize(), keys, 0))
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "lm_head", "dense", "classifier");
  }

  private static EuroBertConfig config(ModelConfig keys) {
    return DecoderSizes.read(keys, EuroBertConfig.class);
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    EuroBertConfig config = config(keys);
    Weights weights = root.child("model");
    Embedding words = config.words(weights, keys);
    RotaryPositions rotary =
        RotaryConfig.of(keys, USUAL_BASE, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary))
            .toList();
    return new EncoderModel.Parts(
        run -> words.apply(run.input().require("input_ids")),
        TransformerStack.of(layers, norm(weights.child("norm"), config)),
        null,
        Head.NONE,
        words.weight());
  }

  private static TransformerLayer layer(
      Weights weights, EuroBertConfig config, RotaryPositions rotary) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0),
        config.feedForward(weights.child("mlp"), config.mlpBias()));
  }

  private static RmsNorm norm(Weights weights, EuroBertConfig config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }

  private static Head sequences(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    EuroBertConfig config = config(keys);
    int size = config.hiddenSize();
    Linear dense = Linear.of(root.child("dense"), size, size);
    Linear classifier = Linear.of(root.child("classifier"), size, keys.labels().size());
    Norm scores = x -> classifier.apply(dense.apply(x, Activation.GELU));
    Pooling pooling = config.classifierPooling();
    ClassifierHead head =
        new ClassifierHead(
            (run, state) -> pooling == Pooling.LATE ? state : scores.apply(state),
            ClassifierHead.Problem.of(keys));
    return switch (pooling) {
      case BOS -> head;
      case MEAN ->
          (run, hidden, pooled) ->
              head.apply(run, hidden, SequenceMean.of(hidden, run.input().truth("attention_mask")));
      case LATE ->
          (run, hidden, pooled) ->
              head.apply(
                  run,
                  hidden,
                  SequenceMean.of(scores.apply(hidden), run.input().truth("attention_mask")));
    };
  }
}
