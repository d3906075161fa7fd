package dev.heed.cli.train;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.train.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code heed train}: a recipe, from its file to a checkpoint folder. */
@Command(
    name = "train",
    description = {
      "Train as a recipe says: model, task, data, learning, in YAML or JSON; paths in it are"
          + " relative to it.",
      "Run it again to go on where it was stopped."
    },
    footer = {
      "",
      "A recipe:",
      "  model: minilm        # a folder; one without weights starts from nothing",
      "  task: classify       # or entities, language, masked, translate, images, sounds,",
      "                       # series, captions, boxes, pairs, fair",
      "  data: {train: train.tsv, valid: valid.tsv, max_length: 128}",
      "  learning: {epochs: 3, learning_rate: 5.0e-5, batch_examples: 16}",
      "  adaptation: {lora: {r: 8, alpha: 16, targets: [query, value]}}",
      "  watching: {every: 50, patience: 3}",
      "",
      "Example:",
      "  heed train sentiment.yaml --out sentiment",
      "  heed train sentiment.yaml --out sentiment --processes 2"
    })
public final class TrainCommand extends HeedCommand {
  @Parameters(paramLabel = "RECIPE", description = "A .yaml, .yml or .json file.")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the model goes, its log and its checkpoints.")
  private Path folder = Path.of("");

  @Option(
      names = "--curves",
      paramLabel = "FILE",
      description = "Draw the run's curves: a PNG file.")
  private @Nullable Path curves;

  @Mixin private ProcessOptions processes = new ProcessOptions();

  @Override
  protected int run() throws IOException {
    Recipe recipe = read();
    try (Together together = processes.start(spec(), folder, threads())) {
      RecipeReport report = RecipeReport.run(recipe, folder, curves, together, err());
      if (json()) {
        printJson(report);
      } else {
        report.print(out());
      }
    }
    out().flush();
    return ExitStatus.OK;
  }

  /** JSON is YAML, too. */
  private Recipe read() throws IOException {
    String text = Files.readString(file);
    JsonNode json;
    try {
      json = new YAMLMapper().readTree(text);
    } catch (JacksonException e) {
      throw new BadInputException(file + ": expected YAML, got " + e.getOriginalMessage());
    }
    Path beside = file.toAbsolutePath().getParent();
    Recipe read = Recipe.read(file.toString(), json);
    return beside == null ? read : read.relativeTo(beside);
  }
}
