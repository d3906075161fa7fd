package dev.heed.tensor;

import org.jspecify.annotations.Nullable;

/** Losses that an engine computes in one step. */
public final class Loss {
  private Loss() {}

  /**
   * Mean negative log-likelihood of the targets under softmax.
   *
   * @param logits {@code [N, classes]}
   * @param targets i64 {@code [N]}; {@code ignored} ones do not count
   * @param smoothing share of the probability spread over all classes, in [0, 1)
   */
  public static Tensor crossEntropy(Tensor logits, Tensor targets, long ignored, double smoothing) {
    return crossEntropy(logits, targets, null, LossReduction.MEAN, ignored, smoothing);
  }

  /**
   * Negative log-likelihood of the targets under softmax.
   *
   * @param logits {@code [N, classes]}
   * @param targets i64 {@code [N]}; {@code ignored} ones give 0
   * @param weights of the classes, {@code [classes]}, or null; the mean is over the weights of the
   *     targets that count
   * @param smoothing share of the probability spread over all classes, in [0, 1)
   */
  public static Tensor crossEntropy(
      Tensor logits,
      Tensor targets,
      @Nullable Tensor weights,
      LossReduction reduction,
      long ignored,
      double smoothing) {
    return logits.engine().crossEntropy(logits, targets, weights, reduction, ignored, smoothing);
  }

  /** As {@link #crossEntropy(Tensor, Tensor, long, double)} with -100 ignored, no smoothing. */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return crossEntropy(logits, targets, -100, 0);
  }

  /** Mean of {@code -t·log σ(x) - (1-t)·log(1-σ(x))}. */
  public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets) {
    return logits.engine().binaryCrossEntropy(logits, targets, null, null, LossReduction.MEAN);
  }

  /** Mean of the squared differences. */
  public static Tensor meanSquaredError(Tensor x, Tensor target) {
    return x.engine().meanSquaredError(x, target);
  }

  /**
   * {@code w · (p · t · softplus(-x) + (1 - t) · softplus(x))} for each element.
   *
   * @param logits x, any shape
   * @param targets t in [0, 1], of that shape
   * @param weights w, broadcast, or null for 1
   * @param positive p, broadcast, or null for 1
   */
  public static Tensor binaryCrossEntropy(
      Tensor logits,
      Tensor targets,
      @Nullable Tensor weights,
      @Nullable Tensor positive,
      LossReduction reduction) {
    return logits.engine().binaryCrossEntropy(logits, targets, weights, positive, reduction);
  }

  /**
   * Connectionist temporal classification: {@code -log p} of the targets, summed over all
   * alignments (Graves et al. 2006, section 4).
   *
   * @param logProbabilities after log-softmax, {@code [time, batch, classes]}
   * @param targets i64 {@code [batch, longest]}, padded with anything
   * @param inputLengths i64 {@code [batch]}, each at most the time
   * @param targetLengths i64 {@code [batch]}
   * @param blank the class of no label
   * @param zeroInfinity whether targets that do not fit their input give 0 instead of infinity
   * @param reduction its mean is over the batch, each loss divided by its target's length
   */
  public static Tensor ctc(
      Tensor logProbabilities,
      Tensor targets,
      Tensor inputLengths,
      Tensor targetLengths,
      long blank,
      boolean zeroInfinity,
      LossReduction reduction) {
    return logProbabilities
        .engine()
        .ctc(
            logProbabilities, targets, inputLengths, targetLengths, blank, zeroInfinity, reduction);
  }
}
