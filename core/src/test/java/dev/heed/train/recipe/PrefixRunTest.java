package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.RunChange;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.recipe.Recipe.Prefix;
import dev.heed.train.recipe.Recipe.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Prefixes that recipes learn, and their folders opened as models. */
@Tag("integration")
class PrefixRunTest {
  @TempDir Path folder;

  private static Recipe.Learning quickly(long updates, double rate) {
    return new Recipe.Learning(
        1,
        updates,
        400,
        18,
        1,
        Recipe.Rule.ADAMW,
        rate,
        0.01,
        Recipe.Course.COSINE,
        0.1,
        1,
        0,
        7,
        Recipe.Precision.F32,
        false);
  }

  private static Recipe.Adaptation prefix(int middle) {
    return new Recipe.Adaptation(Recipe.Parts.ALL, 1, Recipe.Lora.NONE, new Prefix(4, middle));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void a_head_and_a_prefix_learn_and_open_as_a_model(int middle) throws IOException {
    Path base = TinyModels.bert(folder);
    String lines = TinyModels.sentences(folder.resolve("lines.txt")).toString();
    Path trained =
        new RecipeRun(
                Recipe.of(base.toString(), Task.MASKED, lines, lines).with(quickly(2, 0.01)),
                folder.resolve("masked"))
            .run()
            .folder();
    Path reviews = TinyModels.reviews(folder.resolve("reviews.tsv"));
    Recipe recipe =
        Recipe.of(trained.toString(), Task.CLASSIFY, reviews.toString(), reviews.toString())
            .with(quickly(4, 0.03))
            .with(prefix(middle));
    RecipeResult result = new RecipeRun(recipe, folder.resolve("prefixed")).run();
    assertThat(result.trained()).isLessThan(result.parameters() / 2);
    assertThat(result.folder().resolve("model.safetensors")).doesNotExist();
    try (TensorScope scope = TensorScope.open();
        Model opened = Model.load(result.folder());
        Model plain = Model.load(trained)) {
      ModelInput input = ModelInput.of("input_ids", Tensor.of(new long[] {2, 8, 9, 10, 3}, 1, 5));
      Tensor first = opened.apply(input).logits().detach();
      RunChange change = Objects.requireNonNull(opened.runChange());
      // A trace is used for several runs, and the prefix is read once in each.
      try (Trace trace = Trace.changing()) {
        for (int run = 0; run < 2; run++) {
          Tensor again = opened.apply(input, trace).logits().detach();
          TensorAssert.assertClose("logits", again, first, Tolerance.NONE);
        }
      }
      opened.changeRuns(null);
      assertThat(opened.apply(input).logits().sub(first).abs().max().item()).isGreaterThan(1e-3);
      opened.changeRuns(change);
      assertThat(plain.runChange()).isNull();
    }
    Recipe further = recipe.with(new Recipe.Data(reviews.toString(), "", 0, 0.15));
    assertThatThrownBy(() ->
            new RecipeRun(
                    new Recipe(
                        result.folder().toString(),
                        Task.CLASSIFY,
                        further.data(),
                        further.learning(),
                        Recipe.Adaptation.DEFAULTS,
                        further.watching(),
                        further.teacher()),
                    folder.resolve("further"))
                .run())
        .hasMessageContaining("expected weights to go on with, got a trained prefix");
    refused(result.folder(), "\"num_layers\" : 2", "\"num_layers\" : 77", "num_layers");
    refused(result.folder(), "PREFIX_TUNING", "IA3", "LoRA and DoRA of linear maps, and trained");
  }

  /** Opens the folder with one value changed. */
  private static void refused(Path adapter, String value, String other, String message)
      throws IOException {
    Path config = adapter.resolve("adapter_config.json");
    String before = Files.readString(config);
    assertThat(before).contains(value);
    Files.writeString(config, before.replace(value, other));
    assertThatThrownBy(() -> Model.load(adapter))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
    Files.writeString(config, before);
  }

  @Test
  void a_frozen_writer_learns_another_text_by_its_prefix() throws IOException {
    Path base = TinyModels.gpt2(folder);
    String lines = TinyModels.sentences(folder.resolve("lines.txt")).toString();
    Path trained =
        new RecipeRun(
                Recipe.of(base.toString(), Task.LANGUAGE, lines, lines).with(quickly(40, 0.01)),
                folder.resolve("writer"))
            .run()
            .folder();
    String other = folder.resolve("other.txt").toString();
    Files.writeString(Path.of(other), "a story lives and a book sees the film\n".repeat(9));
    Recipe recipe = Recipe.of(trained.toString(), Task.LANGUAGE, other, other).with(prefix(0));
    double before = score(recipe.with(quickly(1, 1e-9)), "before");
    assertThat(score(recipe.with(quickly(60, 0.05)), "after")).isLessThan(0.8 * before);
    try (TensorScope scope = TensorScope.open();
        Model opened = Model.load(folder.resolve("after"));
        Model plain = Model.load(trained)) {
      plain
          .parameters()
          .forEach((name, tensor) ->
              TensorAssert.assertClose(
                  name,
                  Objects.requireNonNull(opened.parameters().get(name)),
                  tensor,
                  Tolerance.NONE));
    }
  }

  private double score(Recipe recipe, String into) {
    RecipeResult result = new RecipeRun(recipe, folder.resolve(into)).run();
    return result.training().bestScore().orElseThrow();
  }

  @Test
  void what_has_no_attention_or_was_never_trained_is_refused() throws IOException {
    String lines = TinyModels.sentences(folder.resolve("lines.txt")).toString();
    Path fresh = TinyModels.bert(folder);
    Recipe recipe =
        Recipe.of(fresh.toString(), Task.MASKED, lines, lines)
            .with(quickly(2, 0.01))
            .with(prefix(0));
    assertThatThrownBy(() -> new RecipeRun(recipe, folder.resolve("out")).run())
        .hasMessageContaining("prefix: expected a model that was trained, got one from nothing");
    assertThatThrownBy(
            () -> new Recipe.Adaptation(Recipe.Parts.HEAD, 1, Recipe.Lora.NONE, new Prefix(4, 0)))
        .hasMessageContaining("prefix: expected neither parts: head");
    var json =
        JsonMapper.shared()
            .readTree(
                """
                {"model": "m", "task": "classify", "data": {"train": "a.tsv"},
                 "adaptation": {"prefix": {"length": 6, "middle": 9}}}
                """);
    assertThat(Recipe.read("a test", json).adaptation().prefix()).isEqualTo(new Prefix(6, 9));
  }
}
