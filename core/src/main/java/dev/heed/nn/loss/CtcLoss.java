package dev.heed.nn.loss;

import dev.heed.tensor.Loss;
import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Connectionist temporal classification of logits (Graves et al. 2006).
 *
 * @param blank the class of no label
 * @param zeroInfinity whether targets that do not fit their input give 0 instead of infinity
 */
public record CtcLoss(long blank, boolean zeroInfinity) {
  /**
   * {@code -log p} of each sequence, their sum or their mean.
   *
   * @param logits {@code [time, batch, classes]}
   * @param targets i64 {@code [batch, longest]}, padded with anything
   * @param inputLengths i64 {@code [batch]}
   * @param targetLengths i64 {@code [batch]}
   * @param reduction the mean is over the batch, each loss divided by its target's length, at least
   *     1
   */
  public Tensor apply(
      Tensor logits,
      Tensor targets,
      Tensor inputLengths,
      Tensor targetLengths,
      LossReduction reduction) {
    return TensorScope.run(() ->
        Loss.ctc(
            logits.logSoftmax(-1),
            targets,
            inputLengths,
            targetLengths,
            blank,
            zeroInfinity,
            reduction));
  }
}
