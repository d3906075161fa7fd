package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.adapt.AdapterFolder;
import dev.heed.adapt.LowRankAdaptation;
import dev.heed.adapt.TrainedBiases;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.recipe.Recipe.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class RecipeRunTest {
  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void make() throws IOException {
    model = TinyModels.bert(folder.resolve("bert"));
  }

  private static Recipe.Learning quickly(long updates) {
    return learning(updates, 0.01, 0, Recipe.Precision.F32);
  }

  private static Recipe.Learning learning(
      long updates, double rate, double smoothing, Recipe.Precision type) {
    return new Recipe.Learning(
        1,
        updates,
        400,
        8,
        2,
        Recipe.Rule.ADAMW,
        rate,
        0.01,
        Recipe.Course.COSINE,
        0.1,
        1,
        smoothing,
        7,
        type,
        false);
  }

  private Recipe reviews(Path from) throws IOException {
    String file = TinyModels.reviews(folder.resolve("reviews.tsv")).toString();
    return Recipe.of(from.toString(), Task.CLASSIFY, file, file).with(quickly(40));
  }

  private RecipeResult run(Recipe recipe, String into) {
    return new RecipeRun(recipe, folder.resolve(into)).run();
  }

  /** Within quotes of JSON. */
  private static String json(Path file) {
    return file.toString().replace('\\', '/');
  }

  private static double score(RecipeResult result) {
    return result.training().bestScore().orElseThrow();
  }

  /** A path of docs/training.md, whose files are the reader's. */
  private String under(String path) {
    return folder + "/" + path;
  }

  private void example(PrintStream console) {
    Recipe recipe =
        Recipe.of(under("minilm"), Recipe.Task.CLASSIFY, under("train.tsv"), under("valid.tsv"));
    RecipeResult result = new RecipeRun(recipe, Path.of(under("sentiment"))).run();
    console.println(result.metric() + " " + result.training().bestScore());
  }

  @Test
  void the_example_of_the_page_learns() throws IOException {
    TinyModels.bert(folder.resolve("minilm"));
    TinyModels.reviews(folder.resolve("train.tsv"));
    TinyModels.reviews(folder.resolve("valid.tsv"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    example(new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("accuracy OptionalDouble[");
    assertThat(folder.resolve("sentiment")).isNotEmptyDirectory();
  }

  @Test
  void a_classifier_is_learned_from_nothing_and_loads_with_its_classes() throws IOException {
    RecipeResult result = run(reviews(model), "out");
    assertThat(result.metric()).isEqualTo("accuracy");
    assertThat(score(result)).isEqualTo(1);
    assertThat(result.best()).hasSize(1);
    var config =
        JsonMapper.shared().readTree(Files.readString(result.folder().resolve("config.json")));
    assertThat(config.get("architectures").get(0).asString())
        .isEqualTo("BertForSequenceClassification");
    assertThat(config.get("id2label").get("1").asString()).isEqualTo("yes");
    try (TensorScope scope = TensorScope.open();
        Model learned = Model.load(result.folder())) {
      Tensor ids = Tensor.of(new long[] {2, 7, 8, 9, 5, 3, 2, 7, 8, 9, 6, 3}, 2, 6);
      assertThat(
              learned
                  .apply(ModelInput.of("input_ids", ids))
                  .logits()
                  .argmax(-1, false)
                  .toLongArray())
          .containsExactly(1, 0);
    }
  }

  @Test
  void each_file_that_is_scored_on_has_its_own_accuracy() throws IOException {
    Path good = TinyModels.reviews(folder.resolve("reviews.tsv"));
    List<String> wrong = new ArrayList<>(List.of("label\ttext"));
    wrong.add("no\tthe film was very good");
    wrong.add("no\tthe film was very bad");
    wrong.add("no\tthe story was good");
    wrong.add("no\tthe book was very very good");
    Path other = Files.write(folder.resolve("wrong.tsv"), wrong);
    String recipe =
        """
        {"model": "MODEL", "task": "classify", "learning": {"updates": 40, "batch_tokens": 400,
         "batch_examples": 8, "learning_rate": 0.01},
         "data": {"sources": [{"train": "GOOD", "valid": "GOOD", "times": 2},
           {"train": "GOOD"}, {"train": "GOOD", "valid": "OTHER"}]}}
        """
            .replace("MODEL", json(model))
            .replace("GOOD", json(good))
            .replace("OTHER", json(other));
    RecipeResult result = run(Recipe.read("test", JsonMapper.shared().readTree(recipe)), "out");
    assertThat(result.beside())
        .containsExactly(
            Map.entry("accuracy of " + good, 1.0), Map.entry("accuracy of " + other, 0.25));
    assertThat(result.score()).isEqualTo(19 / 22.0);
    assertThat(run(reviews(model), "one").beside()).isEmpty();
  }

  @Test
  void a_run_that_is_done_gives_the_same_again() throws IOException {
    Recipe recipe = reviews(model);
    byte[] once = weights(run(recipe, "out"));
    assertThat(weights(run(recipe, "out"))).isEqualTo(once);
    assertThat(weights(run(recipe, "other"))).isEqualTo(once);
  }

  private static byte[] weights(RecipeResult result) throws IOException {
    return Files.readAllBytes(result.folder().resolve("model.safetensors"));
  }

  @Test
  void hidden_words_are_learned_and_a_classifier_stands_on_what_they_taught() throws IOException {
    String file = TinyModels.sentences(folder.resolve("lines.txt")).toString();
    Recipe words = Recipe.of(model.toString(), Task.MASKED, file, file).with(quickly(60));
    RecipeResult masked = run(words, "masked");
    assertThat(masked.metric()).isEqualTo("loss");
    assertThat(score(masked)).isLessThan(2.0); // ln 20 = 3.0 knows nothing
    Adaptation headOnly = new Adaptation(Adaptation.Parts.HEAD, 1, Adaptation.Lora.NONE);
    RecipeResult head = run(reviews(masked.folder()).with(headOnly), "head");
    String base = "bert.encoder.layer.1.attention.self.query.weight";
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile before =
            SafetensorsFile.open(masked.folder().resolve("model.safetensors"));
        SafetensorsFile after = SafetensorsFile.open(head.folder().resolve("model.safetensors"))) {
      TensorAssert.assertClose(base, after.read(base), before.read(base), Tolerance.NONE);
      assertThat(after.names()).contains("classifier.weight").noneMatch(n -> n.startsWith("cls."));
    }
    assertThat(head.trained()).isLessThan(head.parameters() / 5);
    Adaptation layers = new Adaptation(Adaptation.Parts.ALL, 0.8, Adaptation.Lora.NONE);
    assertThat(score(run(reviews(masked.folder()).with(layers), "layers"))).isEqualTo(1);
  }

  @Test
  void words_are_tagged() throws IOException {
    String file = TinyModels.tagged(folder.resolve("tags.tsv")).toString();
    Recipe recipe = Recipe.of(model.toString(), Task.ENTITIES, file, file).with(quickly(40));
    RecipeResult result = run(recipe, "tags");
    assertThat(result.metric()).isEqualTo("f1");
    assertThat(score(result)).isEqualTo(1);
  }

  @Test
  void low_rank_updates_are_merged_and_kept_apart() throws IOException {
    Path gpt2 = TinyModels.gpt2(folder.resolve("gpt2"));
    String file = TinyModels.sentences(folder.resolve("lines.txt")).toString();
    Recipe whole = Recipe.of(gpt2.toString(), Task.LANGUAGE, file, file).with(quickly(30));
    RecipeResult base = run(whole, "base");
    assertThat(score(base)).isLessThan(2.5);
    try (TensorScope scope = TensorScope.open();
        Model written = Model.load(base.folder())) {
      // as a reader runs it, who gives tokens and nothing else
      double loss = ownLoss(written, Path.of(file));
      assertThat(loss).isCloseTo(score(base), within(0.02));
    }
    Adaptation.Lora lora =
        new Adaptation.Lora(
            3,
            6,
            List.of("attn.c_attn", "mlp.c_proj"),
            true,
            Map.of("h.1.mlp.c_proj", 2),
            TrainedBiases.NONE);
    Recipe adapting =
        Recipe.of(base.folder().toString(), Task.LANGUAGE, file, file)
            .with(quickly(20))
            .with(new Adaptation(Adaptation.Parts.ALL, 1, lora));
    RecipeResult adapted = run(adapting, "adapted");
    assertThat(score(adapted)).isLessThan(score(base));
    assertThat(adapted.trained()).isLessThan(adapted.parameters() / 3);
    try (TensorScope scope = TensorScope.open();
        Model merged = Model.load(adapted.folder());
        Model plain = Model.load(base.folder())) {
      Tensor ids = Tensor.of(new long[] {7, 8, 9, 10, 5}, 1, 5);
      Tensor wanted = merged.apply(ModelInput.of("input_ids", ids)).logits();
      try (LowRankAdaptation apart =
          AdapterFolder.load(adapted.folder().resolve("adapter"), plain)) {
        TensorAssert.assertClose(
            "logits",
            plain.apply(ModelInput.of("input_ids", ids)).logits().detach(),
            wanted.detach(),
            new Tolerance(1e-4, 1e-5));
        assertThat(apart.paths()).hasSize(4);
      }
      try (Model opened = Model.load(adapted.folder().resolve("adapter"))) {
        TensorAssert.assertClose(
            "logits of the adapter's folder",
            opened.apply(ModelInput.of("input_ids", ids)).logits().detach(),
            wanted.detach(),
            new Tolerance(1e-6, 1e-6));
      }
    }
  }

  /** The mean over a text's blocks of a model's length, each predicted token counted once. */
  private static double ownLoss(Model model, Path file) throws IOException {
    long[] ids =
        ModelFiles.folder(file.resolveSibling("gpt2"))
            .tokenizer()
            .encode(String.join("\n", Files.readAllLines(file)), null, false)
            .ids();
    double sum = 0;
    long count = 0;
    for (int from = 0; from < ids.length; from += 17) {
      long[] block = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + 17));
      if (block.length > 1) {
        Tensor row = Tensor.of(block, 1, block.length);
        ModelInput input = ModelInput.of("input_ids", row).with("labels", row);
        sum += model.apply(input).loss().item() * (block.length - 1);
        count += block.length - 1;
      }
    }
    return sum / count;
  }

  @Test
  void biases_learn_beside_low_rank_updates() throws IOException {
    String lines = TinyModels.sentences(folder.resolve("lines.txt")).toString();
    Recipe masked = Recipe.of(model.toString(), Task.MASKED, lines, lines).with(quickly(2));
    Path base = run(masked, "masked").folder();
    for (TrainedBiases biases : List.of(TrainedBiases.LORA_ONLY, TrainedBiases.ALL)) {
      Adaptation.Lora lora = new Adaptation.Lora(2, 4, List.of("query"), false, Map.of(), biases);
      Recipe recipe =
          Recipe.of(base.toString(), Task.MASKED, lines, lines)
              .with(new Adaptation(Adaptation.Parts.ALL, 1, lora))
              .with(quickly(20));
      Path adapted = run(recipe, "adapted " + biases).folder();
      Path adapter = adapted.resolve("adapter");
      assertThat(Files.readString(adapter.resolve("adapter_config.json")))
          .contains("\"bias\" : \"" + biases.name().toLowerCase(java.util.Locale.ROOT) + "\"")
          .doesNotContain("modules_to_save");
      try (TensorScope scope = TensorScope.open();
          Model before = Model.load(base);
          Model merged = Model.load(adapted);
          Model opened = Model.load(adapter)) {
        ModelInput input = ModelInput.of("input_ids", Tensor.of(new long[] {2, 8, 9, 3}, 1, 4));
        TensorAssert.assertClose(
            "logits",
            opened.apply(input).logits().detach(),
            merged.apply(input).logits().detach(),
            new Tolerance(1e-6, 1e-6));
        Map<String, Tensor> ends = merged.parameters();
        before
            .parameters()
            .forEach((name, start) -> {
              boolean bias = biases.include(name, List.of(name.replaceFirst(".bias$", "")));
              boolean learns =
                  name.endsWith("query.weight")
                      || name.endsWith("query.bias")
                      || biases == TrainedBiases.ALL && bias && !name.contains("key.bias");
              double moved =
                  java.util.Objects.requireNonNull(ends.get(name), name)
                      .sub(start)
                      .abs()
                      .max()
                      .item();
              if (!name.contains("key.bias")) {
                assertThat(moved > 0).as(biases + " " + name).isEqualTo(learns);
              }
            });
      }
      try (TensorScope scope = TensorScope.open();
          Model plain = Model.load(base)) {
        assertThatThrownBy(() -> AdapterFolder.load(adapter, plain)).hasMessageContaining("bias");
      }
    }
  }

  @Test
  void an_adapter_with_the_head_that_learned_beside_it_opens_as_a_model() throws IOException {
    String lines = TinyModels.sentences(folder.resolve("lines.txt")).toString();
    Recipe masked = Recipe.of(model.toString(), Task.MASKED, lines, lines).with(quickly(2));
    Adaptation.Lora lora = new Adaptation.Lora(2, 4, List.of("query", "intermediate.dense"));
    Recipe recipe =
        reviews(run(masked, "masked").folder())
            .with(new Adaptation(Adaptation.Parts.ALL, 1, lora))
            .with(quickly(20));
    RecipeResult result = run(recipe, "adapted");
    Path adapter = result.folder().resolve("adapter");
    try (TensorScope scope = TensorScope.open();
        Model merged = Model.load(result.folder());
        Model opened = Model.load(adapter)) {
      ModelInput input = ModelInput.of("input_ids", Tensor.of(new long[] {2, 8, 9, 10, 3}, 1, 5));
      TensorAssert.assertClose(
          "logits",
          opened.apply(input).logits().detach(),
          merged.apply(input).logits().detach(),
          new Tolerance(1e-6, 1e-6));
      assertThat(Files.size(adapter.resolve("adapter_model.safetensors")))
          .isLessThan(Files.size(result.folder().resolve("model.safetensors")) / 3);
      assertThatThrownBy(() -> AdapterFolder.load(adapter, merged))
          .hasMessageContaining("modules_to_save")
          .hasMessageContaining("Open the adapter's folder as a model");
    }
    Path config = adapter.resolve("adapter_config.json");
    Files.writeString(config, Files.readString(config).replace("masked", "nowhere"));
    assertThatThrownBy(() -> Model.load(adapter)).hasMessageContaining("base_model_name_or_path");
  }

  @Test
  void one_text_is_written_from_another() throws IOException {
    Path t5 = TinyModels.t5(folder.resolve("t5"));
    String file = TinyModels.pairs(folder.resolve("pairs.tsv")).toString();
    Recipe recipe =
        Recipe.of(t5.toString(), Task.TRANSLATE, file, file)
            .with(learning(110, 0.01, 0.1, Recipe.Precision.F32));
    assertThat(score(run(recipe, "out"))).isLessThan(1);
  }

  @Test
  void texts_that_belong_together_become_alike() throws IOException {
    Path file =
        Files.write(
            folder.resolve("pairs.tsv"),
            List.of(
                "first\tsecond",
                "Ada lives\tvery good",
                "the film\ta book",
                "in Paris\tAda",
                "a story\tbad",
                "was very\tsees",
                "the book\tfilm"));
    Recipe recipe =
        Recipe.of(model.toString(), Task.PAIRS, file.toString(), file.toString()).with(quickly(40));
    RecipeResult result = run(recipe, "out");
    assertThat(result.metric()).isEqualTo("recall@1");
    assertThat(score(result)).isEqualTo(1);
    try (TensorScope scope = TensorScope.open();
        Model learned = Model.load(result.folder())) {
      Tensor ids = Tensor.of(new long[] {2, 13, 3}, 1, 3);
      assertThat(learned.apply(ModelInput.of("input_ids", ids)).lastHiddenState().size(2))
          .isEqualTo(24);
    }
    assertThatThrownBy(() -> run(recipe.with(learning(1, 0.1, 0.1, Recipe.Precision.F32)), "no"))
        .hasMessageContaining("pairs: expected neither a teacher nor label_smoothing");
  }

  @Test
  void a_student_learns_from_a_teacher_in_half_precision() throws IOException {
    RecipeResult teacher = run(reviews(model), "teacher");
    Recipe student =
        reviews(model)
            .with(learning(40, 0.01, 0, Recipe.Precision.BF16))
            .with(new Recipe.Teacher(teacher.folder().toString(), 2, 0.9));
    assertThat(score(run(student, "student"))).isEqualTo(1);
  }

  @Test
  void what_is_no_recipe_is_refused_by_name() throws IOException {
    String data = "\"data\": {\"train\": \"t.tsv\"}";
    assertRefused("{\"model\": \"m\", \"task\": \"classify\", \"dta\": {}}", "\"dta\"");
    assertRefused(
        "{\"model\": \"m\", \"task\": \"classify\", " + data + ", \"learning\": {\"epoch\": 3}}",
        "r.yaml, learning: expected one of the keys [epochs, ");
    assertRefused("{\"model\": \"m\", \"task\": \"sing\", " + data + "}", "task");
    assertRefused("{\"model\": \"m\", \"task\": \"classify\"}", "no data");
    assertRefused(
        "{\"model\": \"m\", \"task\": \"classify\", " + data + ", \"learning\": {\"warmup\": 2}}",
        "warmup: expected a share from 0 and below 1, got 2.0");
    Recipe read =
        Recipe.read(
            "r.yaml",
            JsonMapper.shared()
                .readTree(
                    "{\"model\": \"m\", \"task\": \"masked\", "
                        + data
                        + ", \"adaptation\": {\"lora\": {\"r\": 4, \"targets\":"
                        + " [\"query\"]}}}"));
    assertThat(read.task()).isEqualTo(Task.MASKED);
    assertThat(read.learning()).isEqualTo(Recipe.Learning.DEFAULTS);
    assertThat(read.adaptation().lora()).isEqualTo(new Adaptation.Lora(4, 0, List.of("query")));
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> Recipe.read("r.yaml", JsonMapper.shared().readTree(json)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void examples_that_do_not_fit_are_named_by_line() throws IOException {
    Path odd = Files.writeString(folder.resolve("odd.tsv"), "label\ttext\nno\tbad\nmaybe\tfilm\n");
    Recipe recipe = reviews(model);
    Recipe held = Recipe.of(recipe.model(), Task.CLASSIFY, recipe.data().train(), odd.toString());
    assertThatThrownBy(() -> run(held, "out"))
        .hasMessageContaining("line 3: expected one of the classes [no, yes]")
        .hasMessageContaining("got maybe");
    assertRefusedFile("label\ttext\nno\n", "line 2: expected the columns [label, text], got 1");
    assertRefusedFile("label\ttext\nno\tbad\n", "expected two classes or more, got [no]");
    assertRefusedFile("class\ttext\nno\tbad\n", "line 2: expected a column label, got [class");
    Recipe language = Recipe.of(model.toString(), Task.LANGUAGE, odd.toString(), "");
    assertThatThrownBy(() -> run(language, "out"))
        .hasMessageContaining("expected a family with an architecture that ends in one of")
        .hasMessageContaining("ForCausalLM");
  }

  private void assertRefusedFile(String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("file.tsv"), text);
    Recipe recipe = Recipe.of(model.toString(), Task.CLASSIFY, file.toString(), "");
    assertThatThrownBy(() -> run(recipe, "out")).hasMessageContaining(message);
  }
}
