package dev.heed.cli.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.cli.BadInputException;
import dev.heed.cli.Output;
import dev.heed.cli.OutputFile;
import dev.heed.train.recipe.Recipe;
import dev.heed.train.recipe.RecipeResult;
import dev.heed.train.recipe.RecipeRun;
import dev.heed.train.report.JsonLinesLog;
import dev.heed.train.report.TensorBoardLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run led to, as it is printed.
 *
 * @param folder where the model is
 * @param updates made in all
 * @param ending why the run ended
 * @param loss of the last update, or null if this run made none
 * @param metric what was scored, or null
 * @param score of the weights that were written
 * @param beside other scores of those weights, and of simpler ways, or null
 * @param bestUpdates after which updates: the mean of their weights is taken
 * @param examples learned from
 * @param trained numbers that learned
 * @param parameters numbers of the model
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RecipeReport(
    String folder,
    long updates,
    String ending,
    @Nullable Double loss,
    @Nullable String metric,
    @Nullable Double score,
    @Nullable Map<String, Double> beside,
    @Nullable List<Long> bestUpdates,
    int examples,
    long trained,
    long parameters) {
  /**
   * Runs a recipe, with a log and event files beside the model.
   *
   * @param curves where a picture of the log goes, or null
   * @param together the processes that run it
   */
  static RecipeReport run(
      Recipe recipe, Path folder, @Nullable Path curves, Together together, Output err) {
    OutputFile.check("--curves", curves, ".png");
    Path log = folder.resolve("training.jsonl");
    RecipeRun run =
        new RecipeRun(
            recipe,
            folder,
            together.isFirst()
                ? List.of(
                    new TrainingProgress(err),
                    new JsonLinesLog(log),
                    new TensorBoardLog(folder.resolve("tensorboard")))
                : List.of());
    try {
      RecipeResult result = together.of(run).run();
      if (curves != null && together.isFirst()) {
        OutputFile.write("--curves", curves, () -> TrainingCurves.draw(log));
      }
      return of(result);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  private static RecipeReport of(RecipeResult result) {
    boolean scored = !Double.isNaN(result.score());
    double loss = result.training().loss();
    return new RecipeReport(
        result.folder().toString(),
        result.training().updates(),
        result.training().ending().name().toLowerCase(Locale.ROOT),
        Double.isNaN(loss) ? null : loss,
        scored ? result.metric() : null,
        scored ? result.score() : null,
        scored && !result.beside().isEmpty() ? result.beside() : null,
        scored ? result.best() : null,
        result.examples(),
        result.trained(),
        result.parameters());
  }

  void print(Output out) {
    out.printf(
        "%s: %d updates on %d examples, %,d of %,d parameters learned%n",
        folder, updates, examples, trained, parameters);
    if (metric != null && score != null && bestUpdates != null) {
      boolean one = bestUpdates.size() == 1;
      out.printf(
          "%s %.4f of %s%n",
          metric,
          score,
          one
              ? "update " + bestUpdates.getFirst() + ", whose weights these are"
              : "the mean of the weights after the updates " + bestUpdates);
      if (beside != null) {
        beside.forEach((name, value) -> out.printf("  %s %.4f%n", name, value));
      }
    }
  }
}
