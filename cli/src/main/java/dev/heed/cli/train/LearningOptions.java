package dev.heed.cli.train;

import dev.heed.train.recipe.Recipe;
import dev.heed.train.recipe.Recipe.Learning;
import picocli.CommandLine.Option;

/** How parameters learn. */
final class LearningOptions {
  private static final Learning USUAL = Learning.usual();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often each example is seen (default: 3).")
  private double epochs = USUAL.epochs();

  @Option(names = "--updates", paramLabel = "N", description = "How many updates instead.")
  private long updates;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      description = "Tokens of a batch, padding included (default: 4096).")
  private long batchTokens = USUAL.batchTokens();

  @Option(
      names = "--batch-examples",
      paramLabel = "N",
      description = "Examples of a batch at most (default: 16).")
  private int batchExamples = USUAL.batchExamples();

  @Option(
      names = "--batches",
      paramLabel = "N",
      description = "Batches of an update, computed side by side (default: 2).")
  private int batches = USUAL.batches();

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "adamw, muon, lion, adafactor or sgd (default: adamw).")
  private Recipe.Rule rule = USUAL.optimizer();

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "The highest learning rate (default: 5e-5).")
  private double rate = USUAL.learningRate();

  @Option(names = "--weight-decay", paramLabel = "D", description = "(default: 0.01)")
  private double weightDecay = USUAL.weightDecay();

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "linear, cosine or constant (default: linear).")
  private Recipe.Course course = USUAL.schedule();

  @Option(
      names = "--warmup",
      paramLabel = "SHARE",
      description = "The share of updates in which the rate rises (default: 0.06).")
  private double warmup = USUAL.warmup();

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "The largest norm of the gradients; 0 for any (default: 1).")
  private double clip = USUAL.clip();

  @Option(names = "--label-smoothing", paramLabel = "E", description = "(default: 0)")
  private double smoothing;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of order, dropout and new parameters (default: 0).")
  private long seed;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, or bf16 with masters in f32 (default: f32).")
  private Recipe.Precision dtype = USUAL.dtype();

  @Option(names = "--checkpointing", description = "Compute activations again to save memory.")
  private boolean checkpointing;

  Learning learning() {
    return new Learning(
        epochs,
        updates,
        batchTokens,
        batchExamples,
        batches,
        rule,
        rate,
        weightDecay,
        course,
        warmup,
        clip,
        smoothing,
        seed,
        dtype,
        checkpointing);
  }
}
