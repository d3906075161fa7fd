package dev.heed.model.bert;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Where an answer begins and ends in the text (Devlin et al. 2019, section 4.2). */
public final class BertForQuestionAnswering extends Module {
  private final BertModel bert;
  private final Linear outputs;

  /** Builds encoder and head from the root of a checkpoint. */
  public BertForQuestionAnswering(Weights weights, BertConfig config) {
    super(weights);
    bert = new BertModel(weights.child("bert"), config, false);
    outputs = Linear.of(weights.child("qa_outputs"), config.hiddenSize(), 2);
  }

  /**
   * What encoder and head give.
   *
   * @param encoder the encoder's own output
   * @param start logits of the first token {@code [B, T]}
   * @param end logits of the last token {@code [B, T]}
   */
  public record Output(BertOutput encoder, Tensor start, Tensor end) {
    /**
     * The mean of both ends' cross entropies; a position outside the text does not count.
     *
     * @param starts i64 {@code [B]}
     * @param ends i64 {@code [B]}
     */
    public Tensor loss(Tensor starts, Tensor ends) {
      long time = start.size(1);
      return TensorScope.run(() -> {
        Tensor first = Loss.crossEntropy(start, starts.clamp(0, time).to(DType.I64), time, 0);
        Tensor last = Loss.crossEntropy(end, ends.clamp(0, time).to(DType.I64), time, 0);
        return first.add(last).div(2);
      });
    }
  }

  /** Runs encoder and head. */
  public Output apply(BertInput input, Trace trace) {
    return TensorScope.run(() -> {
      BertOutput encoded = bert.apply(input, trace);
      Tensor logits = outputs.apply(encoded.hidden());
      return new Output(
          encoded, logits.select(2, 0).contiguous(), logits.select(2, 1).contiguous());
    });
  }
}
