package dev.heed.model.forecast;

import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.nn.Weights;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import java.util.List;

/** A model of time series that may say what follows. */
public abstract class SeriesModel extends Model {
  /** A model at the root of its weights. */
  protected SeriesModel(Weights weights) {
    super(weights);
  }

  /** What it reads, and how far it looks ahead. */
  public abstract SeriesShape shape();

  /**
   * Draws futures.
   *
   * @param input what the model reads of the past, and {@code future_time_features} where it has
   *     such; no {@code future_values}
   * @param futures how many; a model that says values and no distribution gives one
   * @param random where those of each series are drawn from, so that it gets what it gets alone: as
   *     many as there are series, or as many as divide their number, for runs of them
   * @return {@code [B, futures, prediction, C]} on the scale of the values, owned by the current
   *     scope
   * @throws UnsupportedOperationException if the model has no head that says what follows
   */
  public abstract Tensor futures(ModelInput input, int futures, List<Generator> random);

  /** Draws the futures of all series from one source. */
  public final Tensor futures(ModelInput input, int futures, Generator random) {
    return futures(input, futures, List.of(random));
  }

  /** The error of a model without a head that says what follows. */
  protected static UnsupportedOperationException noForecast(String architecture) {
    return new UnsupportedOperationException(
        "forecast: expected a model that predicts, ForPrediction, got " + architecture);
  }
}
