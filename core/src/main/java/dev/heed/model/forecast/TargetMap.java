package dev.heed.model.forecast;

import dev.heed.model.ModelOutput;
import dev.heed.model.Run;
import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From states to values, or to the parameters of their distributions. */
public final class TargetMap extends Module {
  private final @Nullable Linear values;
  private final @Nullable DistributionHead distributions;

  /**
   * A map.
   *
   * @param weights the linear map's, or the path of one for each parameter
   * @param distribution of the values, or null for the values
   * @param in size of the states
   * @param out how many values
   */
  public TargetMap(Weights weights, @Nullable Distribution distribution, long in, long out) {
    super(weights);
    values = distribution == null ? Linear.of(weights, in, out) : null;
    distributions =
        distribution == null ? null : new DistributionHead(weights, distribution, in, out);
  }

  /** Whether it says distributions. */
  public boolean distributed() {
    return distributions != null;
  }

  /** The values {@code [..., out]}, or one such tensor for each parameter. */
  public List<Tensor> apply(Tensor states) {
    return distributions == null
        ? List.of(Objects.requireNonNull(values).apply(states))
        : distributions.apply(states);
  }

  /**
   * Gives {@code prediction_outputs}, or of distributions {@code prediction_outputs.0} and on, and
   * {@code loss} of {@code future}.
   *
   * @param said {@code [B, T, C]} each
   * @param scale of the predicted values
   * @param future {@code [B, T, C]}, or null
   */
  public void predict(Run run, List<Tensor> said, Scale scale, @Nullable Tensor future) {
    if (distributions == null) {
      Tensor predicted = scale.unscaled(said.getFirst());
      run.put("prediction_outputs", predicted);
      if (future != null) {
        run.put("loss", Loss.meanSquaredError(predicted, future));
      }
      return;
    }
    Outlook outlook = Outlook.of(distributions.distribution(), said, scale);
    outlook.parameters().forEach(parameter -> run.next("prediction_outputs", parameter));
    if (future != null) {
      run.put("loss", outlook.logDensity(future).neg().sum(-1, false).mean());
    }
  }

  /**
   * Gives {@code regression_outputs}, or of distributions {@code regression_outputs.0} and on, and
   * {@code loss} of {@code targets}.
   *
   * @param said {@code [B, targets]} each
   * @param targets the same, or null
   */
  public void regress(Run run, List<Tensor> said, @Nullable Tensor targets) {
    if (distributions == null) {
      run.put("regression_outputs", said.getFirst());
      if (targets != null) {
        run.put("loss", Loss.meanSquaredError(said.getFirst(), targets));
      }
      return;
    }
    Outlook outlook = Outlook.of(distributions.distribution(), said, null);
    said.forEach(parameter -> run.next("regression_outputs", parameter));
    if (targets != null) {
      run.put("loss", outlook.logDensity(targets).neg().sum(-1, false).mean());
    }
  }

  /** What {@link #predict} gave, as a distribution; null where it gave values. */
  @Nullable Outlook outlook(ModelOutput output) {
    if (distributions == null) {
      return null;
    }
    Distribution distribution = distributions.distribution();
    // A scale that stands in the parameters is there already.
    boolean within = distribution == Distribution.NEGATIVE_BINOMIAL;
    Scale scale = new Scale(output.require("loc"), output.require("scale"));
    return new Outlook(distribution, output.series("prediction_outputs"), within ? null : scale);
  }
}
