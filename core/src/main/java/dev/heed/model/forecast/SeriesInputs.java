package dev.heed.model.forecast;

import dev.heed.model.ModelInput;
import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.nn.Embedding;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each step reads: scaled values some steps before its own, numbers of its time, and what is
 * known of its series, its place and scale included.
 */
public final class SeriesInputs extends Module {
  private final SeriesConfig config;
  private final SeriesScaler scaler;
  private final List<Embedding> categories = new ArrayList<>();

  /**
   * One call's steps, those of the context first.
   *
   * @param lags scaled values, {@code [B, T, C · lags]}
   * @param features {@code [B, T, features]}
   * @param scale of the values
   * @param fixed what is known of each series, {@code [B, features]}
   */
  public record Window(Tensor lags, Tensor features, Scale scale, Tensor fixed) {
    /** All of it, {@code [B, T, width]}. */
    public Tensor whole() {
      return Tensor.cat(List.of(lags, features), -1);
    }
  }

  /** With the tables of categories {@code embedder.embedders.0} and on. */
  public SeriesInputs(Weights weights, SeriesConfig config, SeriesScaler scaler) {
    super(weights);
    this.config = config;
    this.scaler = scaler;
    List<Integer> sizes = config.cardinality() == null ? List.of() : config.cardinality();
    for (int i = 0; i < config.numStaticCategoricalFeatures(); i++) {
      categories.add(
          new Embedding(
              weights.child("embedder.embedders", i), sizes.get(i), config.embeddingSize(i), -1));
    }
  }

  /**
   * Puts a call's steps together.
   *
   * @param input {@code past_values [B, past]} or {@code [B, past, C]}, perhaps {@code
   *     past_observed_mask}; the features that the config speaks of; perhaps {@code future_values},
   *     as many steps as are to be decoded, of which each step reads those before it
   */
  public Window of(ModelInput input) {
    Tensor past = values(input.require("past_values"), "past_values");
    if (past.size(1) != config.past()) {
      throw new ShapeException(
          "past_values: expected "
              + config.past()
              + " steps, the context and the largest lag, got "
              + past.shape());
    }
    Tensor future = input.get("future_values");
    Tensor mask = input.get("past_observed_mask");
    long context = config.context();
    Tensor observed = mask == null ? past.mul(0).add(1) : mask;
    Scale scale = scaler.of(last(past, context), last(observed, context));
    Tensor all =
        future == null ? past : Tensor.cat(List.of(past, values(future, "future_values")), 1);
    Tensor fixed = fixed(input, scale);
    long steps = all.size(1) - past.size(1) + context;
    Tensor repeated = fixed.unsqueeze(1).expand(fixed.size(0), steps, fixed.size(1));
    Tensor times = times(input, steps - context, context);
    Tensor features = times == null ? repeated : Tensor.cat(List.of(repeated, times), -1);
    return new Window(lags(scale.scaled(all), steps), features, scale, fixed);
  }

  private Tensor values(Tensor x, String name) {
    boolean fits =
        config.inputSize() == 1 ? x.rank() == 2 : x.rank() == 3 && x.size(2) == config.inputSize();
    if (!fits) {
      throw new ShapeException(
          name
              + ": expected [B, T"
              + (config.inputSize() == 1 ? "" : ", " + config.inputSize())
              + "], got "
              + x.shape());
    }
    return x;
  }

  private static Tensor last(Tensor x, long steps) {
    return x.narrow(1, x.size(1) - steps, steps);
  }

  /** {@code [B, steps, C · lags]}: for each value all its lags. */
  private Tensor lags(Tensor all, long steps) {
    List<Tensor> shifted = new ArrayList<>();
    for (int lag : config.lagsSequence()) {
      shifted.add(all.narrow(1, all.size(1) - lag - steps, steps));
    }
    Tensor stacked = Tensor.stack(shifted, -1);
    return stacked.rank() == 3 ? stacked : stacked.flatten(2, 3);
  }

  private @Nullable Tensor times(ModelInput input, long ahead, long context) {
    long width = config.numTimeFeatures() + (long) config.numDynamicRealFeatures();
    Tensor past = steps(input, "past_time_features", config.past(), width);
    // Known ahead of time, they may be given before there are steps to decode.
    input.get("future_time_features");
    Tensor future = ahead == 0 ? null : steps(input, "future_time_features", ahead, width);
    if (past == null) {
      return null;
    }
    Tensor seen = last(past, context);
    return future == null ? seen : Tensor.cat(List.of(seen, future), 1);
  }

  private static @Nullable Tensor steps(ModelInput input, String name, long steps, long width) {
    if (width == 0) {
      input.get(name);
      return null;
    }
    Tensor given = input.require(name);
    if (given.rank() != 3 || given.size(1) < steps || given.size(2) != width) {
      throw new ShapeException(
          name + ": expected [B, " + steps + ", " + width + "], got " + given.shape());
    }
    return given.narrow(1, 0, steps);
  }

  private Tensor fixed(ModelInput input, Scale scale) {
    List<Tensor> parts = new ArrayList<>();
    if (!categories.isEmpty()) {
      Tensor given = input.require("static_categorical_features");
      if (given.rank() != 2 || given.size(1) != categories.size()) {
        throw new ShapeException(
            "static_categorical_features: expected [B, "
                + categories.size()
                + "], got "
                + given.shape());
      }
      for (int i = 0; i < categories.size(); i++) {
        parts.add(categories.get(i).apply(within(given.select(1, i), i)));
      }
    }
    if (config.numStaticRealFeatures() > 0) {
      parts.add(input.require("static_real_features"));
    }
    boolean one = config.inputSize() == 1;
    Tensor loc = one ? scale.loc() : scale.loc().squeeze(1);
    parts.add(loc.abs().log1p());
    parts.add((one ? scale.scale() : scale.scale().squeeze(1)).log());
    return Tensor.cat(parts, 1);
  }

  private Tensor within(Tensor values, int number) {
    long count = categories.get(number).weight().size(0);
    if (values.elements() > 0
        && (values.min().itemLong() < 0 || values.max().itemLong() >= count)) {
      throw new ShapeException(
          "static_categorical_features: expected values from 0 to "
              + (count - 1)
              + " of feature "
              + number
              + ", got "
              + values.max().itemLong()
              + " at most and "
              + values.min().itemLong()
              + " at least");
    }
    return values;
  }
}
