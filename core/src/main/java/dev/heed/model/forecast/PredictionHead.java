package dev.heed.model.forecast;

import dev.heed.model.ModelConfig;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run;
import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says the distribution of what follows, and how unlikely what followed was.
 *
 * @param map to the parameters
 * @param values a step
 */
public record PredictionHead(DistributionHead map, int values) {
  /**
   * The head under {@code parameter_projection} that a config speaks of.
   *
   * @param in size of what it reads
   */
  public static PredictionHead of(Weights root, ModelConfig keys, SeriesConfig config, long in) {
    return new PredictionHead(
        new DistributionHead(
            root.child(SeriesConfig.HEAD),
            Distribution.of(keys, config.distributionOutput()),
            in,
            config.inputSize()),
        config.inputSize());
  }

  /**
   * Gives {@code params.0} and on, and {@code loss} where {@code future_values} are given and the
   * call is not one step of decoding.
   *
   * @param states of the predicted steps, {@code [B, T, H]}
   */
  public void apply(Run run, Tensor states, Scale scale) {
    List<Tensor> parameters =
        map.apply(states).stream().map(p -> values == 1 ? p.squeeze(-1) : p).toList();
    Outlook outlook = Outlook.of(map.distribution(), parameters, scale);
    outlook.parameters().forEach(parameter -> run.next("params", parameter));
    Tensor observed = run.input().get("future_observed_mask");
    Tensor future = run.input().get("future_values");
    if (future != null && run.state() == null) {
      run.put("loss", loss(outlook.logDensity(future).neg(), observed));
    }
  }

  /** What a call gave, as a distribution. */
  public Outlook outlook(ModelOutput output) {
    Distribution distribution = map.distribution();
    // A scale that stands in the parameters is there already.
    boolean within = distribution == Distribution.NEGATIVE_BINOMIAL;
    Scale scale = new Scale(output.require("loc"), output.require("scale"));
    return new Outlook(distribution, output.series("params"), within ? null : scale);
  }

  /** The mean over observed steps; a step of several values counts if all of them were observed. */
  private Tensor loss(Tensor each, @Nullable Tensor observed) {
    Tensor surprise = values == 1 ? each : each.sum(-1, false);
    if (observed == null) {
      return surprise.mean();
    }
    Tensor plain = observed.dtype().isFloating() ? observed : observed.to(DType.I64);
    Tensor weights = (values == 1 ? plain : plain.amin(-1, false)).to(surprise.dtype());
    Tensor weighted = Tensor.where(weights.ne(0), surprise.mul(weights), surprise.mul(0));
    Tensor total = weights.sum();
    return weighted.sum().div(total.maximum(total.mul(0).add(1)));
  }
}
