package dev.heed.nn.loss;

import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Label smoothing as The Annotated Transformer has it: the divergence from a distribution with
 * {@code 1 - ε} at the target, 0 at the class of padding and {@code ε / (C - 2)} elsewhere, summed
 * over the rows whose target is not padding.
 *
 * @param pad the class that is padding
 * @param epsilon ε in [0, 1)
 */
public record AnnotatedLabelSmoothing(long pad, double epsilon) {
  /** Checks the range. */
  public AnnotatedLabelSmoothing {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException(
          "label smoothing: expected a share in [0, 1), got " + epsilon);
    }
  }

  /**
   * The sum over all rows, a scalar.
   *
   * @param logits {@code [N, C]}
   * @param targets i64 {@code [N]}
   */
  public Tensor apply(Tensor logits, Tensor targets) {
    return TensorScope.run(() -> {
      long classes = logits.size(-1);
      Tensor spread = Tensor.full(logits.shape(), epsilon / (classes - 2), logits.dtype());
      Tensor own = Tensor.full(targets.unsqueeze(1).shape(), 1 - epsilon, logits.dtype());
      Tensor padding = Tensor.arange(classes, targets.dtype()).eq(pad);
      Tensor wanted =
          spread
              .scatter(1, targets.unsqueeze(1), own)
              .maskedFill(padding, 0)
              .maskedFill(targets.eq(pad).unsqueeze(1), 0);
      return KlDivergence.apply(logits.logSoftmax(-1), wanted, LossReduction.SUM);
    });
  }
}
