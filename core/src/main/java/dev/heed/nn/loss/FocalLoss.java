package dev.heed.nn.loss;

import dev.heed.tensor.Loss;
import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Cross entropy in which what is easy counts less: {@code -(1 - p)^γ log p} (Lin et al. 2017,
 * equation 5).
 *
 * @param gamma γ, from 0; 0 is cross entropy
 */
public record FocalLoss(double gamma) {
  /** Checks the range. */
  public FocalLoss {
    if (!(gamma >= 0)) {
      throw new IllegalArgumentException("focal loss: expected a gamma from 0, got " + gamma);
    }
  }

  /**
   * Each class a question of its own.
   *
   * @param logits any shape
   * @param targets 0 or 1, of that shape
   * @param alpha the weight of ones, {@code 1 - alpha} being that of zeros; in [0, 1], or below 0
   *     for no weights
   */
  public Tensor sigmoid(Tensor logits, Tensor targets, double alpha, LossReduction reduction) {
    return TensorScope.run(() -> {
      Tensor p = logits.sigmoid();
      Tensor surprise = Loss.binaryCrossEntropy(logits, targets, null, null, LossReduction.NONE);
      Tensor miss = p.add(targets).sub(p.mul(targets).mul(2)); // 1 - p of what is true
      Tensor loss = surprise.mul(miss.pow(gamma));
      if (alpha >= 0) {
        loss = loss.mul(targets.mul(2 * alpha - 1).add(1 - alpha));
      }
      return reduction.of(loss);
    });
  }

  /**
   * One class of several.
   *
   * @param logits {@code [N, C]}
   * @param targets i64 {@code [N]}
   * @param weights of the classes, {@code [C]}, or null for 1
   * @param reduction the mean is over the rows, whatever their weights
   */
  public Tensor softmax(
      Tensor logits, Tensor targets, @Nullable Tensor weights, LossReduction reduction) {
    return TensorScope.run(() -> {
      Tensor logP = logits.logSoftmax(-1).gather(1, targets.unsqueeze(1)).squeeze(1);
      Tensor loss = logP.exp().neg().add(1).pow(gamma).mul(logP).neg();
      return reduction.of(weights == null ? loss : loss.mul(weights.indexSelect(0, targets)));
    });
  }
}
