package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Trace;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.TrainingResult.Ending;
import dev.heed.train.optim.Clip;
import dev.heed.train.schedule.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class TrainerTest {
  private static final TrainingOptions OPTIONS =
      TrainingOptions.of(11).withSchedule(new Linear(2, 20)).withSeed(1);

  @TempDir Path folder;

  private static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> copies.put(name, tensor.detach().copy()));
    return copies;
  }

  private static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, tensor) ->
        TensorAssert.assertClose(
            name, Objects.requireNonNull(actual.get(name)), tensor, Tolerance.NONE));
  }

  private static Map<String, Tensor> trained(TrainingOptions options, DType dtype) {
    try (TinyRun run = new TinyRun(options, dtype)) {
      run.trainer.run();
      return copies(run.model.parameters());
    }
  }

  @Test
  void a_model_learns() {
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(TrainingOptions.of(150), DType.F32)) {
      Evaluation loss = Evaluation.loss(run::loss, run.feed);
      double before = loss.score().getAsDouble();
      TrainingResult result = run.trainer.run();
      assertThat(result.updates()).isEqualTo(150);
      assertThat(result.ending()).isEqualTo(Ending.COMPLETE);
      assertThat(loss.score().getAsDouble()).isLessThan(0.7 * before);
    }
  }

  @Test
  void a_resumed_run_ends_as_one_that_was_never_stopped() throws IOException {
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      Path through = folder.resolve("through" + dtype);
      try (TinyRun run = new TinyRun(OPTIONS, dtype).saving(through)) {
        run.trainer.run();
      }
      Path parts = folder.resolve("parts" + dtype);
      for (int stop : new int[] {1, 4, 5, 9, Integer.MAX_VALUE}) {
        try (TinyRun run = new TinyRun(OPTIONS, dtype).saving(parts)) {
          run.trainer.listen(
              new TrainingListener() {
                @Override
                public void updated(Update update) {
                  if (update.number() >= stop) {
                    run.trainer.stop();
                  }
                }
              });
          run.trainer.run();
        }
      }
      assertSameFolders(parts, through);
    }
  }

  static void assertSameFolders(Path actual, Path expected) throws IOException {
    assertThat(files(actual)).isEqualTo(files(expected)).isNotEmpty();
    for (String file : files(expected)) {
      assertThat(actual.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
    }
  }

  private static List<String> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .filter(file -> !file.startsWith("."))
          .sorted()
          .toList();
    }
  }

  @Test
  void the_bits_do_not_depend_on_the_number_of_threads() {
    int before = Backend.threads();
    try (TensorScope scope = TensorScope.open()) {
      TrainingOptions options = OPTIONS.withBatches(3);
      Backend.threads(1);
      Map<String, Tensor> alone = trained(options, DType.F32);
      Backend.threads(2);
      assertSame(trained(options, DType.F32), alone);
    } finally {
      Backend.threads(before);
    }
  }

  @Test
  void layers_that_compute_their_activations_again_learn_the_same() {
    try (TensorScope scope = TensorScope.open()) {
      assertSame(trained(OPTIONS.withCheckpointing(), DType.F32), trained(OPTIONS, DType.F32));
    }
  }

  @Test
  void another_seed_drops_out_others() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor one = Objects.requireNonNull(trained(OPTIONS, DType.F32).get("outer.weight"));
      Tensor other =
          Objects.requireNonNull(trained(OPTIONS.withSeed(2), DType.F32).get("outer.weight"));
      assertThat(one.sub(other).abs().max().item()).isPositive();
    }
  }

  @Test
  void batches_count_by_their_weights() {
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(OPTIONS, DType.F64);
        GradientPass<TinyRun.Batch> parts = passWithoutChance(run, 2);
        GradientPass<TinyRun.Batch> whole = passWithoutChance(run, 1)) {
      List<TinyRun.Example> examples = new ArrayList<>(TinyRun.examples(7));
      examples.replaceAll(e -> new TinyRun.Example(e.number(), new long[] {e.number(), 7, 2}));
      var cut =
          parts.run(
              0, List.of(source(examples.subList(0, 2)), source(examples.subList(2, 7))), false);
      var one = whole.run(0, List.of(source(examples)), false);
      assertThat(cut.loss()).isCloseTo(one.loss(), within(1e-12));
      assertThat(cut.scale()).isEqualTo(1.0 / 7);
      assertThat(one.scale()).isEqualTo(1);
      parts
          .gradients()
          .forEach((name, gradient) ->
              TensorAssert.assertClose(
                  name,
                  gradient.mul(cut.scale()),
                  Objects.requireNonNull(whole.gradients().get(name)),
                  new Tolerance(1e-9, 1e-12)));
      assertThat(parts.gradients()).containsOnlyKeys(whole.gradients().keySet());
    }
  }

  /** In evaluation mode, since a batch norm sees how the batch is cut. */
  private static GradientPass<TinyRun.Batch> passWithoutChance(TinyRun run, int batches) {
    Objective<TinyRun.Batch> objective =
        (batch, trace) -> {
          Tensor logits = run.model.apply(batch.tokens(), Trace.NONE);
          Tensor loss = Loss.crossEntropy(logits, batch.classes());
          return new BatchLoss(loss, batch.classes().elements(), 0);
        };
    return new GradientPass<>(
        run.optimizer.parameters(),
        Map.of(),
        objective,
        OPTIONS.withBatches(batches),
        Workers.ALONE);
  }

  private static GradientPass.Source<TinyRun.Batch> source(List<TinyRun.Example> examples) {
    return new GradientPass.Source<>(
        new dev.heed.train.data.Feed.Epoch<>() {
          @Override
          public int size() {
            return 1;
          }

          @Override
          public TinyRun.Batch load(int batch) {
            return TinyRun.batch(examples);
          }

          @Override
          public String describe(int batch) {
            return "all";
          }
        },
        0,
        0);
  }

  @Test
  void a_loss_that_is_no_number_is_caught_with_update_and_examples() {
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(OPTIONS, DType.F32)) {
      Map<String, Tensor> before = copies(run.model.parameters());
      Objective<TinyRun.Batch> bad =
          (batch, trace) ->
              BatchLoss.of(
                  run.loss(batch, Trace.NONE)
                      .loss()
                      .mul(batch.numbers().contains(17) ? Double.NaN : 1),
                  1);
      try (Trainer<TinyRun.Batch> trainer =
          new Trainer<>(run.model, run.optimizer, bad, run.feed, OPTIONS.withClip(Clip.NONE))) {
        assertThatThrownBy(trainer::run)
            .isInstanceOf(DivergenceException.class)
            .hasMessageMatching(
                "update \\d+: expected a loss that is a number, got NaN for epoch 0, batch \\d+,"
                    + " examples \\[.*\\b17\\b.*\\]; lower the learning rate, .*");
      }
      assertThat(before.keySet()).isEqualTo(run.model.parameters().keySet());
    }
  }

  @Test
  void gradients_that_are_no_numbers_leave_the_parameters_as_they_were() {
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(OPTIONS, DType.F32)) {
      Map<String, Tensor> before = copies(run.model.parameters());
      Objective<TinyRun.Batch> steep =
          (batch, trace) ->
              // the root of 0 has no slope
              BatchLoss.of(run.loss(batch, Trace.NONE).loss().mul(0).sqrt(), 1);
      try (Trainer<TinyRun.Batch> trainer =
          new Trainer<>(run.model, run.optimizer, steep, run.feed, OPTIONS)) {
        assertThatThrownBy(trainer::run)
            .hasMessageContaining(
                "update 0: expected gradients that are numbers, got a norm of NaN");
      }
      assertSame(run.model.parameters(), before);
    }
  }

  @Test
  void a_loss_that_grows_without_end_is_caught() {
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(OPTIONS, DType.F32)) {
      double[] factor = {1};
      Objective<TinyRun.Batch> growing =
          (batch, trace) ->
              BatchLoss.of(run.loss(batch, Trace.NONE).loss().mul(factor[0] *= 1.1), 1);
      try (Trainer<TinyRun.Batch> trainer =
          new Trainer<>(
              run.model,
              run.optimizer,
              growing,
              run.feed,
              TrainingOptions.of(100).withBatches(1))) {
        assertThatThrownBy(trainer::run)
            .isInstanceOf(DivergenceException.class)
            .hasMessageContaining("expected at most 5.0 times that of the first updates");
      }
    }
  }

  @Test
  void a_run_ends_when_nothing_gets_better() {
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(TrainingOptions.of(100), DType.F32)) {
      double[] scores = {3, 2, 5, 2, 2.5, 1};
      int[] next = {0};
      run.trainer.evaluate(
          new EvaluationPolicy(new Evaluation("score", false, () -> scores[next[0]++]), 2, 3));
      TrainingResult result = run.trainer.run();
      assertThat(result.ending()).isEqualTo(Ending.NO_BETTER);
      assertThat(result.updates()).isEqualTo(10);
      assertThat(result.bestUpdate()).isEqualTo(4);
      assertThat(result.bestScore()).hasValue(2);
    }
  }

  @Test
  void the_newest_and_the_best_checkpoints_are_kept() {
    double[] scores = {3, 1, 5, 2, 2.5, 4};
    int[] next = {0};
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(TrainingOptions.of(12), DType.F32)) {
      run.trainer
          .evaluate(new EvaluationPolicy(new Evaluation("f", true, () -> scores[next[0]++]), 2, 0))
          .save(new CheckpointPolicy(folder, 100, 1, 2));
      run.trainer.run();
    }
    assertThat(CheckpointFolder.updates(folder)).containsExactly(6L, 12L);
  }

  @Test
  void the_best_checkpoints_are_averaged() {
    double[] scores = {3, 1, 5, 2, 2.5, 4};
    int[] next = {0};
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(TrainingOptions.of(12), DType.F64)) {
      run.trainer
          .evaluate(new EvaluationPolicy(new Evaluation("f", true, () -> scores[next[0]++]), 2, 0))
          .save(new CheckpointPolicy(folder, 100, 1, 2));
      Map<Long, Tensor> seen = new LinkedHashMap<>();
      Tensor weight = Objects.requireNonNull(run.model.parameters().get("outer.weight"));
      run.trainer.listen(
          new TrainingListener() {
            @Override
            public void updated(Update update) {
              seen.put(update.number(), weight.detach().copy());
            }
          });
      run.trainer.run();
      assertThat(run.trainer.useBest(1)).containsExactly(6L);
      TensorAssert.assertClose(
          "best", weight.detach(), Objects.requireNonNull(seen.get(6L)), Tolerance.NONE);
      assertThat(run.trainer.useBest(5)).containsExactly(6L, 12L);
      Tensor mean =
          Objects.requireNonNull(seen.get(6L)).add(Objects.requireNonNull(seen.get(12L))).div(2);
      TensorAssert.assertClose("mean", weight.detach(), mean, new Tolerance(1e-15, 1e-15));
    }
  }

  @Test
  void what_cannot_be_resumed_is_refused_by_name() throws IOException {
    try (TensorScope scope = TensorScope.open()) {
      try (TinyRun run = new TinyRun(OPTIONS, DType.F32).saving(folder)) {
        run.trainer.run();
      }
      try (TinyRun run = new TinyRun(OPTIONS.withSeed(7), DType.F32).saving(folder)) {
        assertThatThrownBy(run.trainer::run)
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("update-000000011, seed: expected 7, got \"1\"");
      }
      Path damaged = folder.resolve("update-000000011/optimizer.safetensors");
      byte[] bytes = Files.readAllBytes(damaged);
      bytes[bytes.length - 1] ^= 1;
      Files.write(damaged, bytes);
      try (TinyRun run = new TinyRun(OPTIONS, DType.F32).saving(folder)) {
        assertThatThrownBy(run.trainer::run)
            .hasMessageContaining("optimizer.safetensors: expected the bytes that were written")
            .hasMessageContaining("remove its folder to go on from the checkpoint before it");
      }
    }
  }

  @Test
  void two_runs_do_not_share_a_folder() {
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(OPTIONS, DType.F32).saving(folder);
        CheckpointFolder other = CheckpointFolder.open(folder)) {
      assertThat(other.newest()).isEmpty();
      assertThatThrownBy(run.trainer::run).hasMessageContaining("another run trains into it");
    }
  }
}
