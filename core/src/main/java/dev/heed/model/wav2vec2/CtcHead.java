package dev.heed.model.wav2vec2;

import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.tensor.DType;
import dev.heed.tensor.Loss;
import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A letter, or none, for each state (Graves et al. 2006).
 *
 * @param letters {@code [vocabulary, H]}
 * @param encoder knows how many states a sound has
 * @param config blank, reduction, dropout
 */
record CtcHead(Linear letters, SpeechEncoder encoder, CtcConfig config) implements Head {
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor logits = letters.apply(new Dropout(config.finalDropout()).apply(hidden, run.trace()));
    run.put("logits", logits);
    Tensor labels = run.input().get("labels");
    if (labels != null) {
      run.put("loss", loss(run, logits, labels));
    }
  }

  /** Labels below 0 are none. */
  private Tensor loss(Run run, Tensor logits, Tensor labels) {
    Tensor real = labels.ge(0);
    return Loss.ctc(
        logits.logSoftmax(-1).transpose(0, 1),
        labels.maskedFill(real.not(), 0),
        encoder.counts(run),
        real.to(DType.I64).sum(1, false),
        config.padTokenId(),
        config.ctcZeroInfinity(),
        config.ctcLossReduction().equals("sum") ? LossReduction.SUM : LossReduction.MEAN);
  }
}
