package dev.heed.cli.train;

import dev.heed.adapt.TrainedBiases;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.UsageException;
import dev.heed.train.recipe.Adaptation;
import dev.heed.train.recipe.Recipe;
import dev.heed.train.recipe.RecipeRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed finetune}: a checkpoint learns a task from a file of examples. */
@Command(
    name = "finetune",
    description = {
      "Let a checkpoint learn a task from a file of examples, in full, with its head alone or by"
          + " low-rank updates.",
      "Tasks and their files: classify (columns label, text, perhaps text2), entities (word, tab,"
          + " tag), language (text), masked (lines), translate (columns source, target), images"
          + " (columns image, label, or an idx file), sounds (columns sound, text), captions"
          + " (columns image, text), series (.csv of numbers), pairs (columns first, second); .tsv"
          + " with a header or .jsonl, .gz too.",
      "Run it again to go on where it was stopped. What can be said here and more goes into a"
          + " recipe too: heed train."
    },
    footer = {
      "",
      "Examples:",
      "  heed finetune --task classify --train train.tsv --valid valid.tsv --out sentiment",
      "  heed finetune --model gpt2 --task language --train book.txt --lora 8 --lora-targets"
          + " c_attn --out gpt2-book"
    })
public final class FinetuneCommand extends HeedCommand {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A checkpoint folder (default: the all-MiniLM-L6-v2 that Heed carries).")
  private @Nullable Path model;

  @Option(
      names = "--task",
      required = true,
      paramLabel = "TASK",
      description =
          "classify, entities, language, masked, translate, images, sounds, series,"
              + " captions or pairs.")
  private Recipe.Task task = Recipe.Task.CLASSIFY;

  @Option(
      names = "--train",
      required = true,
      paramLabel = "FILE",
      description = "Examples to learn from.")
  private Path train = Path.of("");

  @Option(names = "--valid", paramLabel = "FILE", description = "Examples to be scored on.")
  private @Nullable Path valid;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the model goes, its log and its checkpoints.")
  private Path folder = Path.of("");

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "Most tokens of an example (default: what the model reads, at most 512).")
  private int longest;

  @Mixin private LearningOptions learning = new LearningOptions();

  @Option(names = "--head-only", description = "Train what stands on the model alone.")
  private boolean headOnly;

  @Option(
      names = "--layer-decay",
      paramLabel = "D",
      description = "Each layer's rate as a share of the one above it (default: 1).")
  private double layerDecay = 1;

  @Option(names = "--lora", paramLabel = "R", description = "Low-rank updates of this rank.")
  private @Nullable Integer lora;

  @Option(names = "--lora-alpha", paramLabel = "A", description = "Their scale (default: 2 R).")
  private @Nullable Double alpha;

  @Option(
      names = "--lora-targets",
      paramLabel = "PATTERN,…",
      split = ",",
      hideParamSyntax = true,
      description = "Which maps have them, for example query,value.")
  private List<String> targets = List.of();

  @Option(names = "--dora", description = "Learn the rows' lengths apart from the updates.")
  private boolean dora;

  @Option(
      names = "--lora-bias",
      paramLabel = "WHICH",
      description = "Biases that learn beside them: none, all or lora_only (default: none).")
  private TrainedBiases biases = TrainedBiases.NONE;

  @Option(names = "--teacher", paramLabel = "DIR", description = "Learn its scores, too.")
  private @Nullable Path teacher;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "Score and save each N updates (default: ten times in a run).")
  private long every;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "End after N scores without a better one (default: never).")
  private int patience;

  @Option(
      names = "--curves",
      paramLabel = "FILE",
      description = "Draw the run's curves: a PNG file.")
  private @Nullable Path curves;

  @Mixin private ProcessOptions processes = new ProcessOptions();

  @Override
  protected int run() throws IOException {
    Recipe recipe = recipe();
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

  private Recipe recipe() {
    if (lora == null
        && (alpha != null || dora || biases != TrainedBiases.NONE || !targets.isEmpty())) {
      throw new UsageException(
          "--lora-alpha, --lora-targets, --lora-bias and --dora: expected --lora beside them");
    }
    if (lora != null && targets.isEmpty()) {
      throw new UsageException(
          "--lora: expected --lora-targets beside it, for example query,value");
    }
    try {
      Recipe usual =
          Recipe.of(
              model == null ? RecipeRun.EMBEDDED : model.toString(),
              task,
              train.toString(),
              valid == null ? "" : valid.toString());
      Recipe.Data data =
          new Recipe.Data(
              usual.data().train(), usual.data().valid(), longest, usual.data().masked());
      Adaptation.Lora updates =
          lora == null
              ? Adaptation.Lora.NONE
              : new Adaptation.Lora(
                  lora, alpha == null ? 0 : alpha, targets, dora, Map.of(), biases);
      Recipe recipe =
          usual
              .with(data)
              .with(learning.learning())
              .with(
                  new Adaptation(
                      headOnly ? Adaptation.Parts.HEAD : Adaptation.Parts.ALL, layerDecay, updates))
              .with(new Recipe.Watching(every, patience));
      return teacher == null ? recipe : recipe.with(new Recipe.Teacher(teacher.toString(), 2, 0.5));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
