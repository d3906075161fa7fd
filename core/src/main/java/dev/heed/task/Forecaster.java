package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.model.forecast.SeriesModel;
import dev.heed.model.forecast.SeriesShape;
import dev.heed.task.series.Series;
import dev.heed.task.series.SeriesTable;
import dev.heed.task.series.SeriesTable.Column;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says what follows a time series, by any checkpoint that predicts: Time Series Transformer,
 * Informer, Autoformer, PatchTST, PatchTSMixer.
 *
 * {@snippet :
 * try (Forecaster forecaster = Forecaster.open(Path.of("patchtst"))) {
 *   Series series = Series.of("load", hours);
 *   double[] next = forecaster.forecast(series, ForecastOptions.USUAL).getFirst().mean();
 * }
 * }
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class Forecaster implements AutoCloseable {
  private final SeriesModel model;
  private final DType dtype;

  private Forecaster(SeriesModel model) {
    this.model = model;
    this.dtype =
        model.parameters().values().stream()
            .map(Tensor::dtype)
            .filter(DType::isFloating)
            .findFirst()
            .orElse(DType.F32);
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static Forecaster open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model that does not predict
   */
  public static Forecaster open(ModelFiles files, @Nullable DType dtype) {
    Task.FORECAST.require(files);
    ModelLoader loader = ModelLoader.of(files);
    Model model = (dtype == null ? loader : loader.as(dtype)).load();
    return new Forecaster((SeriesModel) model);
  }

  /** What the model reads, and how far it looks ahead. */
  public SeriesShape shape() {
    return model.shape();
  }

  /**
   * Cuts a table into what the model reads at once: each column alone, or all together.
   *
   * @param names of the columns, or none for all
   * @throws IllegalArgumentException for an unknown column, or another number of them than the
   *     model reads
   */
  public List<List<Column>> items(SeriesTable table, List<String> names) {
    List<Column> chosen = table.chosen(names);
    int values = shape().values();
    if (values == 1) {
      return chosen.stream().map(List::of).toList();
    }
    if (chosen.size() != values) {
      throw new IllegalArgumentException(
          "column: expected "
              + values
              + ", as the model reads, got "
              + chosen.size()
              + ": "
              + chosen.stream().map(Column::name).toList());
    }
    return List.of(chosen);
  }

  /**
   * What follows a series.
   *
   * @return one for each value that the model predicts
   * @throws IllegalArgumentException for a series that is too short, of other values than the model
   *     reads or without any, and for options that do not fit the model
   */
  public List<Forecast> forecast(Series series, ForecastOptions options) {
    return forecast(List.of(series), options).getFirst();
  }

  /**
   * What follows several series, which the model reads together; each gets what it gets alone.
   *
   * @param options of all of them
   * @throws IllegalArgumentException if any does not fit, as {@link #forecast(Series,
   *     ForecastOptions)}
   */
  public List<List<Forecast>> forecast(List<Series> all, ForecastOptions options) {
    if (all.isEmpty()) {
      return List.of();
    }
    List<Generator> random = all.stream().map(series -> new Generator(options.seed())).toList();
    try (TensorScope scope = TensorScope.inference()) {
      List<ForecastInput> inputs =
          all.stream().map(series -> new ForecastInput(shape(), series, options, dtype)).toList();
      Tensor futures = futures(inputs, options, random); // [B, n, T, C]
      List<List<Forecast>> told = new ArrayList<>();
      for (int b = 0; b < all.size(); b++) {
        told.add(told(all.get(b), futures.select(0, b), options));
      }
      return told;
    } finally {
      random.forEach(Generator::close);
    }
  }

  /** The forecasts of one series' futures {@code [n, T, C]}. */
  private List<Forecast> told(Series series, Tensor futures, ForecastOptions options) {
    int ahead = options.horizon() == null ? shape().ahead() : options.horizon();
    List<LocalDateTime> times =
        IntStream.rangeClosed(1, series.step() == null ? 0 : ahead)
            .mapToObj(i -> Objects.requireNonNull(series.after(i)))
            .toList();
    List<Forecast> told = new ArrayList<>();
    for (int i = 0; i < shape().predicted().size(); i++) {
      Tensor own = futures.select(2, i).narrow(1, 0, ahead); // [n, T]
      told.add(
          new Forecast(
              series.names().get(shape().predicted().get(i)),
              times,
              own.mean(0, false).toDoubleArray(),
              quantiles(own, options.quantiles())));
    }
    return told;
  }

  /** Draws futures, and where they are to go on beyond what the model predicts, on from each. */
  private Tensor futures(
      List<ForecastInput> inputs, ForecastOptions options, List<Generator> random) {
    SeriesShape shape = shape();
    int horizon = options.horizon() == null ? shape.ahead() : options.horizon();
    int draws = options.futures() == null ? Math.max(1, shape.samples()) : options.futures();
    if (horizon > shape.ahead() && shape.predicted().size() != shape.values()) {
      throw new IllegalArgumentException(
          "horizon: expected at most "
              + shape.ahead()
              + ", since the model predicts only some of the values that it reads, got "
              + horizon);
    }
    Tensor all =
        model
            .futures(
                together(inputs.stream().map(input -> input.model(0, null)).toList()),
                draws,
                random)
            .to(DType.F64);
    while (all.size(2) < horizon) {
      List<ModelInput> next = new ArrayList<>();
      for (int b = 0; b < inputs.size(); b++) {
        next.add(inputs.get(b).model(all.size(2), all.select(0, b)));
      }
      // [B n, 1, T, C] -> [B, n, T, C]
      Tensor more = model.futures(together(next), 1, random).to(DType.F64);
      all = Tensor.cat(List.of(all, more.squeeze(1).unflatten(0, inputs.size(), all.size(1))), 2);
    }
    return all;
  }

  /** Inputs of the same names, one behind the other. */
  private static ModelInput together(List<ModelInput> inputs) {
    if (inputs.size() == 1) {
      return inputs.getFirst();
    }
    Map<String, Tensor> joined = new LinkedHashMap<>();
    for (String name : inputs.getFirst().tensors().keySet()) {
      joined.put(name, Tensor.cat(inputs.stream().map(each -> each.require(name)).toList(), 0));
    }
    return ModelInput.of(joined);
  }

  private SequencedMap<Double, double[]> quantiles(Tensor futures, List<Double> shares) {
    SequencedMap<Double, double[]> told = new LinkedHashMap<>();
    if (shape().samples() == 0) {
      return told;
    }
    int count = Math.toIntExact(futures.size(0));
    int steps = Math.toIntExact(futures.size(1));
    double[] all = futures.transpose(0, 1).contiguous().toDoubleArray();
    double[][] sorted = new double[steps][];
    for (int t = 0; t < steps; t++) {
      sorted[t] = Arrays.copyOfRange(all, t * count, (t + 1) * count);
      Arrays.sort(sorted[t]);
    }
    for (double share : shares) {
      told.put(share, Arrays.stream(sorted).mapToDouble(each -> quantile(each, share)).toArray());
    }
    return told;
  }

  /** Between the nearest two of sorted numbers. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int low = (int) place;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  }

  /**
   * What the model attended to: of each predicted step to the steps it read, or of patches to
   * patches, by the mean over layers and heads.
   *
   * @throws IllegalArgumentException as {@link #forecast}, and for a model without attention
   */
  public Evidence explain(Series series, ForecastOptions options) {
    try (TensorScope scope = TensorScope.inference();
        Generator random = new Generator(options.seed())) {
      ForecastInput input = new ForecastInput(shape(), series, options, dtype);
      Tensor futures = model.futures(input.model(0, null), 1, random); // [1, 1, T, C]
      return new ForecastEvidence(model, series, input).of(futures.select(0, 0));
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
