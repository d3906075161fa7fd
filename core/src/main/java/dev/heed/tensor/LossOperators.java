package dev.heed.tensor;

import org.jspecify.annotations.Nullable;

/** The losses that an {@link Engine} computes in one step; {@link Loss} says what they are. */
interface LossOperators {
  Tensor crossEntropy(
      Tensor logits,
      Tensor targets,
      @Nullable Tensor weights,
      LossReduction reduction,
      long ignored,
      double smoothing);

  Tensor binaryCrossEntropy(
      Tensor logits,
      Tensor targets,
      @Nullable Tensor weights,
      @Nullable Tensor positive,
      LossReduction reduction);

  Tensor meanSquaredError(Tensor x, Tensor target);

  Tensor ctc(
      Tensor logProbabilities,
      Tensor targets,
      Tensor inputLengths,
      Tensor targetLengths,
      long blank,
      boolean zeroInfinity,
      LossReduction reduction);
}
