package dev.heed.nn;

import dev.heed.tensor.Convolution;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * {@code y = (x - mean) / √(var + ε) · g + b} for each channel over the batch and all places (Ioffe
 * and Szegedy 2015).
 *
 * <p>Inference uses the running statistics. A training run uses the batch's own and passes what the
 * running statistics become (momentum 0.1, unbiased variance) through the points {@code
 * running_mean} and {@code running_var}; a trainer records them and assigns them after the step, so
 * that the module itself does not change.
 */
public final class BatchNorm extends Module {
  private static final double EPSILON = 1e-5;
  private static final double MOMENTUM = 0.1;

  private final Tensor weight;
  private final Tensor bias;
  private final Tensor runningMean;
  private final Tensor runningVariance;
  private final double epsilon;

  /** With {@code weight}, {@code bias} and buffers {@code running_mean, running_var [channels]}. */
  public BatchNorm(Weights weights, long channels) {
    this(weights, channels, EPSILON);
  }

  /** The same with another ε than 1e-5. */
  public BatchNorm(Weights weights, long channels, double epsilon) {
    super(weights);
    this.epsilon = epsilon;
    this.weight = weights.parameter("weight", Initializer.ONES, channels);
    this.bias = weights.parameter("bias", Initializer.ZEROS, channels);
    this.runningMean = weights.buffer("running_mean", Initializer.ZEROS, channels);
    this.runningVariance = weights.buffer("running_var", Initializer.ONES, channels);
    // It counts steps for a momentum that is an average over all of them.
    weights.ignore("num_batches_tracked");
  }

  /** The points at which a training run hands on its statistics, named as the buffers are. */
  public List<String> statistics() {
    return List.of(point("running_mean"), point("running_var"));
  }

  /** Normalises {@code [B, channels, …]}. */
  public Tensor apply(Tensor x, Trace trace) {
    if (trace.dropoutGenerator() == null) {
      return Convolution.batchNorm(
          x, weight, bias, runningMean, runningVariance, false, MOMENTUM, epsilon);
    }
    return TensorScope.run(() -> {
      Tensor mean = runningMean.copy();
      Tensor variance = runningVariance.copy();
      Tensor y = Convolution.batchNorm(x, weight, bias, mean, variance, true, MOMENTUM, epsilon);
      trace.visit(point("running_mean"), mean);
      trace.visit(point("running_var"), variance);
      return y;
    });
  }
}
