package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * What follows a series: every stretch of a table that the model reads, and the steps after it;
 * scored by the mean squared error of all steps ahead, each column standardised by what is learned
 * from. An example's one id is the place of its first step.
 *
 * @param rows {@code [steps][columns]}, standardised
 * @param past steps that are read
 * @param ahead steps that follow
 * @param alone whether the model reads one value a step, so that each column is a series of its own
 * @param season steps after which a series resembles itself, or 0
 */
record SeriesTask(
    List<Example> train,
    List<Example> valid,
    float[][] rows,
    int past,
    int ahead,
    boolean alone,
    int season,
    DType dtype)
    implements TextTask {
  private static final Set<String> FAMILIES = Set.of("patchtst", "patchtsmixer", "dlinear");

  /**
   * Reads the tables.
   *
   * @throws IllegalArgumentException for a model that reads more than values, or another number of
   *     them, and for tables that are too short
   */
  static SeriesTask of(Recipe.Data data, ModelFiles files, DType dtype) {
    RecipeKeys.require(
        data.columns().isEmpty() && data.heldOutWhere().isEmpty(),
        "columns, held_out_where",
        "examples of images or sounds",
        data.columns() + data.heldOutWhere());
    JsonNode config = files.json();
    String type = config.path("model_type").asString("");
    RecipeKeys.require(FAMILIES.contains(type), "model", "one of " + FAMILIES, type);
    int past = config.path("context_length").asInt(32);
    int ahead = config.path("prediction_length").asInt(24);
    SeriesRows series = SeriesRows.of(data);
    int columns = series.values()[0].length;
    int read = config.path("num_input_channels").asInt(1);
    RecipeKeys.require(
        read == 1 || read == columns, "num_input_channels", "1 or the table's " + columns, read);
    int steps = series.values().length;
    int held = steps - series.learned();
    RecipeKeys.require(
        series.learned() >= past + ahead && (held == 0 || held >= ahead),
        "data",
        past + " + " + ahead + " steps to learn from, " + ahead + " to score on",
        series.learned() + " and " + held);
    return new SeriesTask(
        examples(0, series.learned() - past - ahead),
        held == 0 ? List.of() : examples(series.learned() - past, steps - past - ahead),
        series.standardised(),
        past,
        ahead,
        read == 1,
        data.season(),
        dtype);
  }

  private static List<Example> examples(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(step -> new Example(new long[] {step}, new long[1], new long[] {step}))
        .toList();
  }

  @Override
  public List<String> heads() {
    return List.of("ForPrediction");
  }

  @Override
  public Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.feed(examples, budget, seed, this::batch);
  }

  private ExampleBatch batch(List<Example> chosen) {
    ModelInput input =
        ModelInput.of("past_values", steps(chosen, 0, past))
            .with("future_values", steps(chosen, past, ahead));
    Tensor labels = Tensor.of(chosen.stream().mapToLong(example -> example.ids()[0]).toArray());
    return new ExampleBatch(input, chosen, labels);
  }

  /**
   * {@code [B, count, columns]} of the steps from so many after each example's first, or {@code [B
   * * columns, count, 1]}.
   */
  private Tensor steps(List<Example> chosen, int after, int count) {
    int columns = rows[0].length;
    float[] values = new float[chosen.size() * count * columns];
    for (int row = 0; row < chosen.size(); row++) {
      int first = (int) chosen.get(row).ids()[0] + after;
      for (int step = 0; step < count; step++) {
        System.arraycopy(rows[first + step], 0, values, (row * count + step) * columns, columns);
      }
    }
    Tensor together = Tensor.of(values, chosen.size(), count, columns).to(dtype);
    return alone
        ? together.transpose(1, 2).reshape((long) chosen.size() * columns, count, 1)
        : together;
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation("mean squared error", false, () -> error(model, feed.epoch(0)));
  }

  private double error(Model model, Feed.Epoch<ExampleBatch> epoch) {
    double[] sums = new double[epoch.size()];
    SideBySide.runSteadily(
        sums.length,
        i -> {
          try (TensorScope scope = TensorScope.inference()) {
            ExampleBatch batch = epoch.load(i);
            Tensor told = model.apply(batch.input()).require("prediction_outputs");
            Tensor off = told.sub(batch.input().require("future_values")).to(DType.F64);
            sums[i] = off.square().sum().item();
          }
        });
    return Arrays.stream(sums).sum() / ((double) valid.size() * ahead * rows[0].length);
  }

  /** What simpler ways reach on the same steps. */
  @Override
  public Map<String, Double> beside(Model model, Feed<ExampleBatch> feed) {
    Map<String, Double> errors = new LinkedHashMap<>();
    errors.put("repeating the last step", error((first, step) -> rows[first + past - 1]));
    if (season > 0) {
      errors.put(
          "repeating the last " + season + " steps",
          error((first, step) -> rows[first + past - season + step % season]));
    }
    errors.put("one linear map (DLinear's), least squares", linear());
    return errors;
  }

  /** Says the values of a step ahead, from 0, of the example that begins at another. */
  private interface Guess {
    float[] of(int first, int step);
  }

  private double error(Guess guess) {
    double sum = 0;
    for (Example example : valid) {
      int first = (int) example.ids()[0];
      for (int step = 0; step < ahead; step++) {
        float[] told = guess.of(first, step);
        float[] there = rows[first + past + step];
        for (int column = 0; column < there.length; column++) {
          double off = (double) told[column] - there[column];
          sum += off * off;
        }
      }
    }
    return sum / ((double) valid.size() * ahead * rows[0].length);
  }

  private double linear() {
    LeastSquares fit = new LeastSquares(past + 1, ahead);
    each(train, fit::add);
    double[][] map = fit.solve();
    double[] sum = new double[1];
    each(
        valid,
        (read, wanted) -> {
          for (int step = 0; step < ahead; step++) {
            double told = 0;
            for (int i = 0; i <= past; i++) {
              told += map[i][step] * read[i];
            }
            sum[0] += (told - wanted[step]) * (told - wanted[step]);
          }
        });
    return sum[0] / ((double) valid.size() * ahead * rows[0].length);
  }

  /** Each column of each example: what is read, with a 1 behind it, and what follows. */
  private void each(List<Example> examples, LeastSquares.Pair use) {
    for (int column = 0; column < rows[0].length; column++) {
      for (Example example : examples) {
        int first = (int) example.ids()[0];
        double[] read = new double[past + 1];
        double[] wanted = new double[ahead];
        for (int i = 0; i < past; i++) {
          read[i] = rows[first + i][column];
        }
        read[past] = 1;
        for (int i = 0; i < ahead; i++) {
          wanted[i] = rows[first + past + i][column];
        }
        use.of(read, wanted);
      }
    }
  }
}
