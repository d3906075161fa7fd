package dev.heed.nn.loss;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Label smoothing as fairseq has it: the target has {@code 1 - ε}, each other class {@code ε / (C -
 * 1)}. Losses are sums over the rows whose target is not padding.
 *
 * @param pad the target that is padding
 * @param epsilon ε in [0, 1)
 */
public record FairseqLabelSmoothing(long pad, double epsilon) {
  /** Checks the range. */
  public FairseqLabelSmoothing {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException(
          "label smoothing: expected a share in [0, 1), got " + epsilon);
    }
  }

  /**
   * Both sums.
   *
   * @param smoothed the loss to descend, a scalar
   * @param plain the negative log-likelihood without smoothing, a scalar
   */
  public record Sums(Tensor smoothed, Tensor plain) {}

  /**
   * The losses of all rows.
   *
   * @param logits {@code [N, C]}
   * @param targets i64 {@code [N]}, each a class or padding
   */
  public Sums apply(Tensor logits, Tensor targets) {
    return TensorScope.run(() -> {
      Tensor surprise = logits.logSoftmax(-1).neg();
      Tensor padded = targets.eq(pad);
      Tensor known = targets.maskedFill(padded, 0).unsqueeze(1);
      Tensor own = surprise.gather(1, known).squeeze(1).maskedFill(padded, 0).sum();
      Tensor all = surprise.sum(-1, false).maskedFill(padded, 0).sum();
      double each = epsilon / (logits.size(-1) - 1);
      return new Sums(own.mul(1 - epsilon - each).add(all.mul(each)), own);
    });
  }
}
