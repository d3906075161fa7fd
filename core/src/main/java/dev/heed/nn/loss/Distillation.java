package dev.heed.nn.loss;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A student learns a teacher's softened distribution beside the targets: {@code α · T² ·
 * KL(softmax(teacher/T) ‖ softmax(student/T)) + (1 - α) · CE} (Hinton et al. 2015, section 2).
 *
 * @param temperature T, above 0
 * @param alpha α in [0, 1]
 */
public record Distillation(double temperature, double alpha) {
  /** Checks the ranges. */
  public Distillation {
    if (!(temperature > 0) || !(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException(
          "distillation: expected a temperature above 0 and an alpha in [0, 1], got "
              + temperature
              + " and "
              + alpha);
    }
  }

  /**
   * The parts, each a mean over the rows.
   *
   * @param soft {@code T² · KL}
   * @param hard the cross entropy with the targets
   * @param loss both, weighted
   */
  public record Parts(Tensor soft, Tensor hard, Tensor loss) {}

  /**
   * The loss of a batch.
   *
   * @param student logits {@code [N, C]}
   * @param teacher logits {@code [N, C]}, which get no gradient
   * @param targets i64 {@code [N]}; rows of -100 count in neither part
   */
  public Parts apply(Tensor student, Tensor teacher, Tensor targets) {
    return TensorScope.run(() -> {
      Tensor counted = targets.ne(CrossEntropy.IGNORED).unsqueeze(1);
      Tensor logP = student.div(temperature).logSoftmax(-1);
      Tensor wanted = teacher.detach().div(temperature).softmax(-1).mul(counted.to(logP.dtype()));
      double rows = Math.max(1, CrossEntropy.PLAIN.counted(targets));
      Tensor divergence =
          KlDivergence.apply(logP, wanted, dev.heed.tensor.LossReduction.SUM).div(rows);
      Tensor soft = divergence.mul(temperature * temperature);
      Tensor hard = CrossEntropy.PLAIN.apply(student, targets);
      return new Parts(soft, hard, soft.mul(alpha).add(hard.mul(1 - alpha)));
    });
  }
}
