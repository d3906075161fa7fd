package dev.heed.task;

import dev.heed.model.ModelInput;
import dev.heed.model.forecast.SeriesShape;
import dev.heed.task.series.Series;
import dev.heed.task.series.TimeFeature;
import dev.heed.task.series.TimeStep;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A series as its model reads it. */
final class ForecastInput {
  private final SeriesShape shape;
  private final Series series;
  private final ForecastOptions options;
  private final DType dtype;
  private final List<TimeFeature> features;

  /**
   * Checks that a series and its options fit a model.
   *
   * @throws IllegalArgumentException if they do not, saying what was expected
   */
  ForecastInput(SeriesShape shape, Series series, ForecastOptions options, DType dtype) {
    this.shape = shape;
    this.series = series;
    this.options = options;
    this.dtype = dtype;
    if (series.names().size() != shape.values()) {
      throw new IllegalArgumentException(
          "series: expected " + shape.values() + " values a step, got " + series.names());
    }
    if (series.length() < shape.past()) {
      throw new IllegalArgumentException(
          "series "
              + String.join(", ", series.names())
              + ": expected at least the "
              + shape.past()
              + " steps that the model reads, got "
              + series.length());
    }
    for (int i = 0; i < shape.values(); i++) {
      boolean seen = false;
      for (int t = series.length() - shape.past(); t < series.length(); t++) {
        seen |= !Double.isNaN(series.values()[i][t]);
      }
      if (!seen) {
        throw new IllegalArgumentException(
            "series "
                + series.names().get(i)
                + ": expected a value among its last "
                + shape.past()
                + " steps, got none");
      }
    }
    requireCount("category", options.categories().size(), shape.categories().size());
    requireCount("static", options.numbers().size(), shape.staticFeatures());
    requireCount("known", options.known().size(), shape.dynamicFeatures());
    requireKnown();
    this.features = features();
  }

  /** Numbers that are known ahead are so of every step that is read. */
  private void requireKnown() {
    int ahead = options.horizon() == null ? shape.ahead() : options.horizon();
    int calls = (ahead + shape.ahead() - 1) / shape.ahead();
    int wanted = Math.addExact(series.length(), Math.multiplyExact(calls, shape.ahead()));
    for (double[] each : options.known()) {
      if (each.length < wanted) {
        throw new IllegalArgumentException(
            "known: expected numbers of "
                + (wanted - series.length())
                + " steps after the series' "
                + series.length()
                + ", got "
                + Math.max(0, each.length - series.length()));
      }
      for (int t = before(); t < wanted; t++) {
        if (!Double.isFinite(each[t])) {
          throw new IllegalArgumentException(
              "known: expected a number of each step that is read, got none of step " + (t + 1));
        }
      }
    }
  }

  private static void requireCount(String what, int given, int wanted) {
    if (given != wanted) {
      throw new IllegalArgumentException(
          what + ": expected " + wanted + " for a series, as the model reads, got " + given);
    }
  }

  private List<TimeFeature> features() {
    int wanted = shape.timeFeatures();
    TimeStep step = series.step();
    List<TimeFeature> chosen = new ArrayList<>(options.timeFeatures());
    if (chosen.isEmpty() && wanted > 0) {
      chosen.addAll(step == null ? List.of() : step.usualFeatures());
      if (chosen.size() < wanted) {
        chosen.add(TimeFeature.AGE);
      }
    }
    if (chosen.size() != wanted) {
      throw new IllegalArgumentException(
          "time-features: expected the "
              + wanted
              + " that the model reads, got "
              + (options.timeFeatures().isEmpty() ? "as usual " + step + " " : "")
              + chosen.stream().map(TimeFeature::word).toList()
              + "; name those that it was trained with");
    }
    if (step == null && chosen.stream().anyMatch(feature -> !feature.isAge())) {
      throw new IllegalArgumentException(
          "time-features: expected a series with at least two times, got one without");
    }
    return chosen;
  }

  /** How many steps stand before those that the model reads. */
  private int before() {
    return series.length() - shape.past();
  }

  /** The time of a step by number from the series' first, also of one ahead. */
  private LocalDateTime time(int step) {
    return step < series.length()
        ? series.times().get(step)
        : Objects.requireNonNull(series.after(step - series.length() + 1));
  }

  /**
   * The inputs of a call.
   *
   * @param ahead how many steps after the series' last the past ends
   * @param drawn those steps of each future, {@code [n, ahead, C]}, or null where there are none
   */
  ModelInput model(long ahead, @Nullable Tensor drawn) {
    long rows = drawn == null ? 1 : drawn.size(0);
    int shift = Math.toIntExact(ahead);
    Tensor past = joined(values(false), drawn, rows);
    Tensor seen = joined(values(true), drawn == null ? null : drawn.mul(0).add(1), rows);
    ModelInput input =
        ModelInput.of("past_values", shaped(past)).with(shape.maskName(), shaped(seen));
    if (!features.isEmpty() || !options.known().isEmpty()) {
      int first = before() + shift;
      Tensor all = times(first, shape.past() + shape.ahead()).expand(rows, -1, -1);
      input =
          input
              .with("past_time_features", all.narrow(1, 0, shape.past()))
              .with("future_time_features", all.narrow(1, shape.past(), shape.ahead()));
    }
    if (!options.categories().isEmpty()) {
      long[] categories = options.categories().stream().mapToLong(Long::longValue).toArray();
      input =
          input.with(
              "static_categorical_features",
              Tensor.of(categories, 1, categories.length).expand(rows, -1));
    }
    if (!options.numbers().isEmpty()) {
      double[] numbers = options.numbers().stream().mapToDouble(Double::doubleValue).toArray();
      input =
          input.with(
              "static_real_features",
              Tensor.of(numbers, 1, numbers.length).to(dtype).expand(rows, -1));
    }
    return input;
  }

  /**
   * The last steps, {@code [1, past, C]}: values with 0 where there is none, or whether there is.
   */
  private Tensor values(boolean observed) {
    int past = shape.past();
    double[] all = new double[past * shape.values()];
    for (int t = 0; t < past; t++) {
      for (int i = 0; i < shape.values(); i++) {
        double value = series.values()[i][before() + t];
        boolean seen = !Double.isNaN(value);
        all[t * shape.values() + i] = observed ? (seen ? 1 : 0) : seen ? value : 0;
      }
    }
    return Tensor.of(all, 1, past, shape.values());
  }

  /** The last steps of the series and what was drawn after it, {@code [n, past, C]}. */
  private Tensor joined(Tensor own, @Nullable Tensor drawn, long rows) {
    Tensor repeated = own.expand(rows, -1, -1);
    Tensor all = drawn == null ? repeated : Tensor.cat(List.of(repeated, drawn.to(DType.F64)), 1);
    return all.narrow(1, all.size(1) - shape.past(), shape.past()).to(dtype);
  }

  private Tensor shaped(Tensor x) {
    return shape.flat() ? x.squeeze(2) : x;
  }

  /** The numbers of times, and behind them those that are known, {@code [1, count, F]}. */
  private Tensor times(int first, int count) {
    int width = features.size() + options.known().size();
    double[] all = new double[count * width];
    for (int t = 0; t < count; t++) {
      for (int i = features.size(); i < width; i++) {
        all[t * width + i] = options.known().get(i - features.size())[first + t];
      }
      for (int i = 0; i < features.size(); i++) {
        TimeFeature feature = features.get(i);
        int step = first + t;
        all[t * width + i] = feature.isAge() ? TimeFeature.age(step) : feature.of(time(step));
      }
    }
    return Tensor.of(all, 1, count, width).to(dtype);
  }

  /** The same call with the steps ahead given, so that a decoder reads them. */
  ModelInput decoding(Tensor future) {
    Tensor whole = future.to(dtype).unsqueeze(0).reshape(1, shape.ahead(), shape.values());
    return model(0, null).with("future_values", shaped(whole));
  }

  /** What a step of the past that the model reads is called, counted from its first. */
  String label(int step) {
    TimeStep between = series.step();
    int number = before() + step;
    return between == null ? String.valueOf(number + 1) : between.write(time(number));
  }

  /** The number of steps that the model reads. */
  SeriesShape shape() {
    return shape;
  }
}
