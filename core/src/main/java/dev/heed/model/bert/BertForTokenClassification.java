package dev.heed.model.bert;

import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** A label for each token, for example an entity's tag: {@code W · hidden + b}. */
public final class BertForTokenClassification extends Module {
  private final BertModel bert;
  private final Linear classifier;
  private final Dropout dropout;

  /** Builds encoder and head from the root of a checkpoint. */
  public BertForTokenClassification(Weights weights, BertConfig config) {
    super(weights);
    bert = new BertModel(weights.child("bert"), config, false);
    classifier =
        Linear.of(weights.child("classifier"), config.hiddenSize(), config.labels().size());
    dropout = new Dropout(config.headDropout());
  }

  /**
   * What encoder and head give.
   *
   * @param encoder the encoder's own output
   * @param logits {@code [B, T, labels]}
   */
  public record Output(BertOutput encoder, Tensor logits) {
    /**
     * The mean cross entropy.
     *
     * @param labels i64 {@code [B, T]}, -100 where none counts
     */
    public Tensor loss(Tensor labels) {
      return TensorScope.run(() -> Loss.crossEntropy(logits.flatten(0, 1), labels.flatten(0, 1)));
    }
  }

  /** Runs encoder and head. */
  public Output apply(BertInput input, Trace trace) {
    return TensorScope.run(() -> {
      BertOutput encoded = bert.apply(input, trace);
      return new Output(encoded, classifier.apply(dropout.apply(encoded.hidden(), trace)));
    });
  }
}
