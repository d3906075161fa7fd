package dev.heed.nn.loss;

import dev.heed.tensor.Loss;
import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * {@code -Σ q_c log softmax(x)_c}, where q has 1 - ε at the target and ε / C spread over all C
 * classes (Szegedy et al. 2016, section 7).
 *
 * @param ignored a target that gives 0 and is not counted
 * @param smoothing ε in [0, 1)
 * @param weights of the classes, {@code [C]}: each term is multiplied by its class's; null for 1
 */
public record CrossEntropy(long ignored, double smoothing, @Nullable Tensor weights) {
  /** Targets of -100 are ignored, as everywhere in the field. */
  public static final long IGNORED = -100;

  /** Without smoothing and weights. */
  public static final CrossEntropy PLAIN = new CrossEntropy(IGNORED, 0, null);

  /** Checks the range. */
  public CrossEntropy {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing: expected a share in [0, 1), got " + smoothing);
    }
  }

  /** With smoothing. */
  public static CrossEntropy smoothed(double smoothing) {
    return new CrossEntropy(IGNORED, smoothing, null);
  }

  /**
   * The loss of each row, their sum or their mean.
   *
   * @param logits x, {@code [N, C]}
   * @param targets i64 {@code [N]}
   * @param reduction the mean divides by the weights of the targets that count; it is 0 if none
   *     does
   */
  public Tensor apply(Tensor logits, Tensor targets, LossReduction reduction) {
    if (reduction != LossReduction.MEAN) {
      return Loss.crossEntropy(logits, targets, weights, reduction, ignored, smoothing);
    }
    return TensorScope.run(() -> {
      Tensor sum =
          Loss.crossEntropy(logits, targets, weights, LossReduction.SUM, ignored, smoothing);
      double counted = counted(targets);
      return counted == 0 ? sum : sum.div(counted);
    });
  }

  /** As {@link #apply(Tensor, Tensor, LossReduction)} with the mean. */
  public Tensor apply(Tensor logits, Tensor targets) {
    return apply(logits, targets, LossReduction.MEAN);
  }

  /**
   * Each position's logits against the label that follows it: {@code x_t} against {@code y_{t+1}}.
   *
   * @param logits {@code [B, T, C]}
   * @param labels i64 {@code [B, T]}
   */
  public Tensor ofNext(Tensor logits, Tensor labels, LossReduction reduction) {
    return TensorScope.run(() -> {
      long rows = logits.size(0);
      long predicted = Math.max(0, logits.size(1) - 1);
      long skipped = logits.size(1) - predicted;
      // [B, T-1, C] -> [B·(T-1), C]
      Tensor before = logits.narrow(1, 0, predicted).reshape(rows * predicted, logits.size(2));
      Tensor after = labels.narrow(1, skipped, predicted).reshape(rows * predicted);
      return apply(before, after, reduction);
    });
  }

  /** What the mean of these targets divides by: how many count, or their weights together. */
  public double counted(Tensor targets) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor counts = targets.ne(ignored);
      Tensor share = weights;
      if (share == null) {
        return counts.sum().itemLong();
      }
      Tensor known = Tensor.where(counts, targets, Tensor.zeros(Shape.of(), targets.dtype()));
      return share.indexSelect(0, known).mul(counts.to(share.dtype())).sum().item();
    }
  }

  /**
   * Against probabilities instead of one class: {@code -Σ t_c log softmax(x)_c}.
   *
   * @param logits x, {@code [N, C]}
   * @param targets t, {@code [N, C]}
   * @param reduction the mean is over the rows
   */
  public static Tensor soft(Tensor logits, Tensor targets, LossReduction reduction) {
    return TensorScope.run(
        () -> reduction.of(logits.logSoftmax(-1).mul(targets).sum(-1, false).neg()));
  }
}
