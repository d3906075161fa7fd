package dev.heed.model.bert;

import dev.heed.model.bert.BertConfig.ProblemType;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** A class, several classes, or numbers for a whole text: {@code W · pooled + b}. */
public final class BertForSequenceClassification extends Module {
  private final BertModel bert;
  private final Linear classifier;
  private final Dropout dropout;
  private final BertConfig config;

  /** Builds encoder and head from the root of a checkpoint. */
  public BertForSequenceClassification(Weights weights, BertConfig config) {
    super(weights);
    this.config = config;
    bert = new BertModel(weights.child("bert"), config, true);
    classifier =
        Linear.of(weights.child("classifier"), config.hiddenSize(), config.labels().size());
    dropout = new Dropout(config.headDropout());
  }

  /**
   * What encoder and head give.
   *
   * @param encoder the encoder's own output
   * @param logits {@code [B, labels]}
   */
  public record Output(BertOutput encoder, Tensor logits) {}

  /** Runs encoder and head. */
  public Output apply(BertInput input, Trace trace) {
    return TensorScope.run(() -> {
      BertOutput encoded = bert.apply(input, trace);
      Tensor pooled = dropout.apply(encoded.requirePooled(), trace);
      return new Output(encoded, classifier.apply(pooled));
    });
  }

  /**
   * The loss that the config's {@code problem_type} names; without one, regression for a single
   * label, several labels for floating-point targets, else one class.
   *
   * @param labels i64 {@code [B]} for one class, else floating point {@code [B, labels]}
   */
  public Tensor loss(Tensor logits, Tensor labels) {
    return TensorScope.run(() ->
        switch (problem(labels)) {
          case REGRESSION -> Loss.meanSquaredError(logits.flatten(0, -1), labels.flatten(0, -1));
          case SINGLE_LABEL_CLASSIFICATION -> Loss.crossEntropy(logits, labels.flatten(0, -1));
          case MULTI_LABEL_CLASSIFICATION -> Loss.binaryCrossEntropy(logits, labels);
        });
  }

  private ProblemType problem(Tensor labels) {
    ProblemType given = config.problemType();
    if (given != null) {
      return given;
    }
    if (config.labels().size() == 1) {
      return ProblemType.REGRESSION;
    }
    return labels.dtype().isFloating()
        ? ProblemType.MULTI_LABEL_CLASSIFICATION
        : ProblemType.SINGLE_LABEL_CLASSIFICATION;
  }
}
