package dev.heed.tensor;

import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Losses that LibTorch computes in one step. */
public final class Loss {
  private static final long MEAN = 1;

  private Loss() {}

  /**
   * Mean negative log-likelihood of the targets under softmax.
   *
   * @param logits {@code [N, classes]}
   * @param targets i64 {@code [N]}; {@code ignored} ones do not count
   * @param smoothing share of the probability spread over all classes, in [0, 1)
   */
  public static Tensor crossEntropy(Tensor logits, Tensor targets, long ignored, double smoothing) {
    return Native.op(
        "crossEntropy",
        logits,
        targets,
        (x, y) -> {
          try (TensorOptional none = new TensorOptional()) {
            return torch.cross_entropy_loss(x, y, none, MEAN, ignored, smoothing);
          }
        });
  }

  /** As {@link #crossEntropy(Tensor, Tensor, long, double)} with -100 ignored, no smoothing. */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return crossEntropy(logits, targets, -100, 0);
  }

  /** Mean of {@code -t·log σ(x) - (1-t)·log(1-σ(x))}. */
  public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets) {
    return Native.op(
        "binaryCrossEntropy",
        logits,
        targets,
        (x, y) -> torch.binary_cross_entropy_with_logits(x, y));
  }

  /** Mean of the squared differences. */
  public static Tensor meanSquaredError(Tensor x, Tensor target) {
    return Native.op("meanSquaredError", x, target, (a, b) -> torch.mse_loss(a, b));
  }
}
