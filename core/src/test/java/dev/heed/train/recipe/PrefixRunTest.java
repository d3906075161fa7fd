package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.adapt.PromptTuning;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.RecordedModels;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.model.PromptedRuns;
import dev.heed.model.Run;
import dev.heed.model.RunChange;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.recipe.Adaptation.Prefix;
import dev.heed.train.recipe.Adaptation.Prompt;
import dev.heed.train.recipe.Recipe.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Prefixes and prompts that recipes learn, and their folders opened as models. */
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

  private static Adaptation prefix(int middle) {
    return reading(new Prefix(4, middle), Prompt.NONE);
  }

  private static Adaptation reading(Prefix prefix, Prompt prompt) {
    return new Adaptation(Adaptation.Parts.ALL, 1, Adaptation.Lora.NONE, prefix, prompt);
  }

  @ParameterizedTest
  @CsvSource({"4, 0, 0", "4, 5, 0", "0, 0, 3"})
  void a_head_and_virtual_tokens_learn_and_open_as_a_model(int length, int middle, int prompt)
      throws IOException {
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
            .with(reading(new Prefix(length, middle), new Prompt(prompt)));
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
                        Adaptation.DEFAULTS,
                        further.watching(),
                        further.teacher()),
                    folder.resolve("further"))
                .run())
        .hasMessageContaining("expected weights to go on with, got a trained prefix");
    refused(result.folder(), "\"token_dim\" : 24", "\"token_dim\" : 77", "token_dim");
    refused(
        result.folder(), prompt > 0 ? "PROMPT_TUNING" : "PREFIX_TUNING", "IA3", "LoRA and DoRA");
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_frozen_writer_learns_another_text_by_virtual_tokens(boolean prefix) throws IOException {
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
    Recipe recipe =
        Recipe.of(trained.toString(), Task.LANGUAGE, other, other)
            .with(prefix ? prefix(0) : reading(Prefix.NONE, new Prompt(4)));
    double before = score(recipe.with(quickly(1, 1e-9)), "before");
    assertThat(score(recipe.with(quickly(60, 0.05)), "after"))
        .isLessThan((prefix ? 0.8 : 0.95) * before);
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

  /** Virtual tokens count as tokens: the same as words of these vectors before the text. */
  @ParameterizedTest
  @ValueSource(strings = {"bert", "gpt2", "roberta", "llama3"})
  void a_prompt_reads_as_words_of_its_vectors_would(String name) {
    try (TensorScope scope = TensorScope.inference();
        Model model = ModelLoader.of(RecordedModels.named(name)).load();
        Generator generator = new Generator(5)) {
      PromptTuning prompt =
          new PromptTuning(Weights.initialise(generator, DType.F32), 2, PromptedRuns.size(model));
      Tensor words = Tensor.of(new long[] {11, 7}, 2);
      prompt
          .rows()
          .detach()
          .assign(Objects.requireNonNull(model.tokenTable()).embedding(words, -1));
      Tensor text = Tensor.of(new long[] {5, 9, 8, 6, 12, 13}, 2, 3);
      Tensor both = Tensor.of(new long[] {11, 7, 5, 9, 8, 11, 7, 6, 12, 13}, 2, 5);
      Tensor wanted = states(model, ModelInput.of("input_ids", both)).narrow(1, 2, 3);
      model.changeRuns(new PromptedRuns(model, prompt));
      ModelInput input = ModelInput.of("input_ids", text);
      Tensor keep = Tensor.ones(Shape.of(2, 3), DType.I64);
      for (ModelInput each : List.of(input, input.with("attention_mask", keep))) {
        TensorAssert.assertClose(name, states(model, each), wanted, new Tolerance(1e-5, 1e-6));
      }
      assertThatThrownBy(() -> model.apply(input.with("bbox", text)))
          .hasMessageContaining("prompt: expected some of")
          .hasMessageContaining("got also [bbox]");
    }
  }

  private static Tensor states(Model model, ModelInput input) {
    return model.apply(input, Trace.NONE, Run.Wanted.ALL).series("hidden_states").getLast();
  }

  @Test
  void a_prompt_is_for_models_of_one_text() {
    try (TensorScope scope = TensorScope.inference();
        Model model = ModelLoader.of(RecordedModels.named("t5")).load()) {
      assertThatThrownBy(() -> PromptedRuns.size(model))
          .hasMessageContaining("prompt tuning: expected a model of one text with a table");
    }
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
        .hasMessageContaining(
            "prefix, prompt: expected a model that was trained, got one from nothing");
    assertThatThrownBy(() ->
            new Adaptation(
                Adaptation.Parts.HEAD, 1, Adaptation.Lora.NONE, new Prefix(4, 0), Prompt.NONE))
        .hasMessageContaining("prefix, prompt: expected one of them, and neither parts: head");
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
