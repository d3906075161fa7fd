package dev.heed.model.dlinear;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.forecast.Decomposition;
import dev.heed.model.forecast.SeriesModel;
import dev.heed.model.forecast.SeriesShape;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Loss;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * One linear map of the trend and one of what is left, over steps, the same for every value: {@code
 * y = W₁·season + b₁ + W₂·trend + b₂} (Zeng et al. 2023, section 4).
 *
 * <p>Takes {@code past_values [B, context, C]} and perhaps {@code future_values [B, prediction,
 * C]}; gives {@code prediction_outputs [B, prediction, C]} and the mean squared error as {@code
 * loss}.
 */
final class DLinear extends SeriesModel {
  private final DLinearConfig config;
  private final Decomposition decomposition;
  private final Linear season;
  private final Linear trend;

  DLinear(Weights weights, DLinearConfig config) {
    super(weights);
    this.config = config;
    this.decomposition = new Decomposition(config.movingAverage());
    this.season =
        Linear.of(
            weights.child("linear_seasonal"), config.contextLength(), config.predictionLength());
    this.trend =
        Linear.of(weights.child("linear_trend"), config.contextLength(), config.predictionLength());
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public Model withMixers(MixerSwap swap) {
    throw new UnsupportedOperationException("mixers: this model has no attention");
  }

  @Override
  public SeriesShape shape() {
    return SeriesShape.ofValues(
        config.contextLength(),
        config.predictionLength(),
        config.numInputChannels(),
        null,
        0,
        "past_observed_mask");
  }

  @Override
  protected void run(Run run) {
    Tensor observed = run.input().get("past_observed_mask");
    if (observed != null && observed.eq(0).sum().itemLong() > 0) {
      throw new IllegalArgumentException(
          "past_observed_mask: expected every value observed, as a DLinear knows of no gaps, got"
              + " some that are not; fill them first");
    }
    Tensor past = run.input().require("past_values");
    if (past.rank() != 3
        || past.size(1) != config.contextLength()
        || past.size(2) != config.numInputChannels()) {
      throw new ShapeException(
          "past_values: expected [B, "
              + config.contextLength()
              + ", "
              + config.numInputChannels()
              + "], got "
              + past.shape());
    }
    Decomposition.Parts parts = decomposition.split(past);
    Tensor told =
        season
            .apply(parts.season().transpose(1, 2))
            .add(trend.apply(parts.trend().transpose(1, 2)))
            .transpose(1, 2);
    run.put("prediction_outputs", told);
    Tensor future = run.input().get("future_values");
    if (future != null) {
      run.put("loss", Loss.meanSquaredError(told, future));
    }
  }

  @Override
  public Tensor futures(ModelInput input, int futures, List<Generator> random) {
    return TensorScope.run(() -> apply(input).require("prediction_outputs").unsqueeze(1));
  }
}
