package dev.heed.tensor;

import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Losses, by LibTorch. */
interface LibTorchLosses extends LossOperators {
  @Override
  default Tensor crossEntropy(
      Tensor logits,
      Tensor targets,
      @Nullable Tensor weights,
      LossReduction reduction,
      long ignored,
      double smoothing) {
    return Native.op(
        "crossEntropy",
        logits,
        targets,
        (x, y) -> {
          try (TensorOptional optional = Native.optional(weights)) {
            return torch.cross_entropy_loss(x, y, optional, reduction.number(), ignored, smoothing);
          }
        });
  }

  @Override
  default Tensor binaryCrossEntropy(
      Tensor logits,
      Tensor targets,
      @Nullable Tensor weights,
      @Nullable Tensor positive,
      LossReduction reduction) {
    return Native.op(
        "binaryCrossEntropy",
        logits,
        targets,
        (x, y) -> {
          try (TensorOptional weight = Native.optional(weights);
              TensorOptional more = Native.optional(positive)) {
            return torch.binary_cross_entropy_with_logits(x, y, weight, more, reduction.number());
          }
        });
  }

  @Override
  default Tensor meanSquaredError(Tensor x, Tensor target) {
    return Native.op("meanSquaredError", x, target, (a, b) -> torch.mse_loss(a, b));
  }

  @Override
  default Tensor ctc(
      Tensor logProbabilities,
      Tensor targets,
      Tensor inputLengths,
      Tensor targetLengths,
      long blank,
      boolean zeroInfinity,
      LossReduction reduction) {
    return Native.op(
        "ctc",
        logProbabilities,
        targets,
        (x, y) ->
            torch.ctc_loss(
                x,
                y,
                inputLengths.toLongArray(),
                targetLengths.toLongArray(),
                blank,
                reduction.number(),
                zeroInfinity));
  }
}
