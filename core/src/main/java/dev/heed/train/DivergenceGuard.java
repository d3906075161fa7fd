package dev.heed.train;

import dev.heed.train.optim.Clipping;
import java.util.List;

/** Gives a run up before an update that would ruin the parameters. */
final class DivergenceGuard {
  private DivergenceGuard() {}

  static <B> void check(
      long update,
      TrainingOptions options,
      Progress progress,
      double loss,
      Clipping clipping,
      List<GradientPass.Source<B>> sources) {
    if (!Double.isFinite(clipping.norm())) {
      throw new DivergenceException(
          update,
          "update "
              + update
              + ": expected gradients that are numbers, got a norm of "
              + clipping.norm()
              + " at a loss of "
              + loss
              + " for "
              + describe(sources)
              + "; lower the learning rate, clip the gradients, or look at those batches");
    }
    double times = progress.follow(loss);
    if (times > options.divergence()) {
      throw new DivergenceException(
          update,
          "update "
              + update
              + ": the smoothed loss is "
              + progress.smoothedLoss
              + ", expected at most "
              + options.divergence()
              + " times that of the first updates, "
              + progress.firstLosses
              + "; lower the learning rate, or raise the divergence of the options");
    }
  }

  private static <B> String describe(List<GradientPass.Source<B>> sources) {
    return String.join("; ", sources.stream().map(GradientPass.Source::describe).toList());
  }
}
