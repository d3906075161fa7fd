package dev.heed.tensor;

import org.jspecify.annotations.Nullable;

/** Losses, in Java. */
interface JavaLosses extends LossOperators {
  @Override
  default Tensor crossEntropy(
      Tensor logits,
      Tensor targets,
      @Nullable Tensor weights,
      LossReduction reduction,
      long ignored,
      double smoothing) {
    if (logits.rank() > 2 && targets.rank() == logits.rank() - 1) {
      return TensorScope.run(() -> {
        Tensor rows = logits.flatten(2, -1).transpose(1, 2).flatten(0, 1);
        Tensor wanted = targets.reshape(targets.elements());
        Tensor losses = crossEntropy(rows, wanted, weights, reduction, ignored, smoothing);
        return losses.rank() == 0 ? losses : losses.reshape(targets.shape().toArray());
      });
    }
    if (logits.rank() != 2 || targets.rank() != 1 || targets.size(0) != logits.size(0)) {
      throw new ShapeException(
          "crossEntropy: expected logits [N, classes, …] and targets [N, …], got "
              + logits.describe()
              + " and "
              + targets.describe());
    }
    return TensorScope.run(() -> {
      Tensor chances = logits.logSoftmax(1);
      Tensor counts = targets.ne(ignored);
      Tensor places = targets.maskedFill(counts.not(), 0).unsqueeze(1);
      Tensor weight = counts.to(logits.dtype());
      Tensor shares = weights == null ? weight : weight.mul(weights.gather(0, places.squeeze(1)));
      Tensor losses = chances.gather(1, places).squeeze(1).neg().mul(shares);
      Tensor all = weights == null ? chances : chances.mul(weights);
      Tensor spread = all.sum(1, false).neg().mul(weight).div(logits.size(1));
      Tensor smoothed =
          smoothing == 0 ? losses : losses.mul(1 - smoothing).add(spread.mul(smoothing));
      return switch (reduction) {
        case NONE -> smoothed;
        case SUM -> smoothed.sum();
        case MEAN -> smoothed.sum().div(shares.sum());
      };
    });
  }

  @Override
  default Tensor binaryCrossEntropy(
      Tensor logits,
      Tensor targets,
      @Nullable Tensor weights,
      @Nullable Tensor positive,
      LossReduction reduction) {
    return TensorScope.run(() -> {
      Tensor yes = logSigmoid(logits).neg().mul(targets);
      Tensor no = logSigmoid(logits.neg()).neg().mul(targets.neg().add(1));
      Tensor losses = (positive == null ? yes : yes.mul(positive)).add(no);
      return reduction.of(weights == null ? losses : losses.mul(weights));
    });
  }

  /** {@code min(x, 0) - log(1 + exp(-|x|))}. */
  private static Tensor logSigmoid(Tensor x) {
    return x.clamp(Double.NEGATIVE_INFINITY, 0).sub(x.abs().neg().exp().log1p());
  }

  @Override
  default Tensor meanSquaredError(Tensor x, Tensor target) {
    return TensorScope.run(() -> x.sub(target).square().mean());
  }

  /** The forward half of the recursion of Graves et al. 2006, section 4.1, in logarithms. */
  @Override
  default Tensor ctc(
      Tensor logProbabilities,
      Tensor targets,
      Tensor inputLengths,
      Tensor targetLengths,
      long blank,
      boolean zeroInfinity,
      LossReduction reduction) {
    int time = (int) logProbabilities.size(0);
    int batch = (int) logProbabilities.size(1);
    int classes = (int) logProbabilities.size(2);
    double[] logs = logProbabilities.toDoubleArray();
    long[] labels = targets.toLongArray();
    long[] steps = inputLengths.toLongArray();
    long[] lengths = targetLengths.toLongArray();
    int longest = batch == 0 ? 0 : labels.length / batch;
    double[] losses = new double[batch];
    for (int b = 0; b < batch; b++) {
      int length = (int) lengths[b];
      if (steps[b] > time || length > longest) {
        throw new ShapeException(
            "ctc: expected lengths within "
                + logProbabilities.describe()
                + " and "
                + targets.describe()
                + ", got "
                + steps[b]
                + " and "
                + length);
      }
      int[] path = new int[2 * length + 1];
      for (int s = 0; s < path.length; s++) {
        path[s] = (int) (s % 2 == 0 ? blank : labels[b * longest + s / 2]);
      }
      double loss = -aligned(logs, b, batch, classes, (int) steps[b], path);
      losses[b] = zeroInfinity && loss == Double.POSITIVE_INFINITY ? 0 : loss;
    }
    return TensorScope.run(() -> {
      Tensor all = Tensor.of(losses, batch);
      Tensor divided =
          reduction == LossReduction.MEAN
              ? all.div(targetLengths.to(DType.F64).clamp(1, Double.POSITIVE_INFINITY))
              : all;
      return reduction.of(divided).to(logProbabilities.dtype());
    });
  }

  /** {@code log p} of all alignments with a path of labels and blanks. */
  private static double aligned(
      double[] logs, int b, int batch, int classes, int steps, int[] path) {
    double[] before = new double[path.length];
    java.util.Arrays.fill(before, Double.NEGATIVE_INFINITY);
    before[0] = 0;
    boolean first = true;
    for (int t = 0; t < steps; t++) {
      double[] now = new double[path.length];
      for (int s = 0; s < path.length; s++) {
        double sum;
        if (first) {
          sum = s < 2 ? 0 : Double.NEGATIVE_INFINITY;
        } else {
          boolean skips = s > 1 && s % 2 == 1 && path[s] != path[s - 2];
          sum = added(before[s], s > 0 ? before[s - 1] : Double.NEGATIVE_INFINITY);
          sum = skips ? added(sum, before[s - 2]) : sum;
        }
        now[s] = sum + logs[(t * batch + b) * classes + path[s]];
      }
      before = now;
      first = false;
    }
    int last = path.length - 1;
    return last == 0 ? before[0] : added(before[last], first ? before[0] : before[last - 1]);
  }

  private static double added(double x, double y) {
    double most = Math.max(x, y);
    return most == Double.NEGATIVE_INFINITY
        ? most
        : most + Math.log1p(Math.exp(Math.min(x, y) - most));
  }
}
