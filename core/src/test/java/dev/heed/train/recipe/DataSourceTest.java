package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.train.recipe.DataSource.Format;
import dev.heed.train.recipe.Recipe.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class DataSourceTest {
  @TempDir Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static DataSource source(String file, Format format) {
    return new DataSource(file, null, format, null, null);
  }

  @Test
  void a_table_without_a_header_is_named_and_tagged() throws IOException {
    String file = file("pairs.tsv", "a cat\tun chat\n\na dog\tun chien\n");
    DataSource back = new DataSource(file, file, null, List.of("target", "source"), ">>eng<<");
    assertThat(back.learned())
        .extracting(ExampleFile.Row::columns)
        .containsExactly(
            Map.of("target", "a cat", "source", ">>eng<<un chat"),
            Map.of("target", "a dog", "source", ">>eng<<un chien"));
    assertThat(back.held()).hasSize(2);
    assertThat(source(file, Format.TABLE).held()).isEmpty();
  }

  @Test
  void a_story_is_read_from_its_end_without_other_questions() throws IOException {
    String file =
        file(
            "babi.txt",
            "1 Mary went home.\n2 Where is Mary? \thome\t1\n3 Ada sat.\n4 Who sat?\tAda\t3\n"
                + "1 Tom ran.\n2 Who ran?\tTom\t1\n");
    assertThat(source(file, Format.BABI).learned())
        .extracting(row -> row.columns().values().stream().toList())
        .containsExactly(
            story("Where is Mary?", "Mary went home.", "home", "Mary went home.", 10),
            story("Who sat?", "Ada sat. Mary went home.", "Ada", "Mary went home. Ada sat.", 16),
            story("Who ran?", "Tom ran.", "Tom", "Tom ran.", 0));
    assertThatThrownBy(() -> source(file("bad.txt", "Mary went.\n"), Format.BABI).learned())
        .hasMessageContaining("line 1: expected a number and a sentence, got Mary went.");
    assertThatThrownBy(() -> source(file("few.txt", "1 Mary went.\n"), Format.BABI).learned())
        .hasMessageContaining("expected questions, got none");
  }

  private static List<String> story(
      String question, String latestFirst, String answer, String inOrder, int start) {
    return List.of(
        question,
        latestFirst,
        answer,
        question,
        inOrder,
        "[\"" + answer + "\"]",
        String.valueOf(start));
  }

  @Test
  void an_answer_stands_in_the_latest_sentence_that_says_it() throws IOException {
    String file =
        file(
            "babi.txt",
            "1 Mary is in the hall.\n2 Ada saw the hall.\n3 Mary left the hall.\n"
                + "4 Where was Mary?\thall\t1 2\n5 Is she there?\tno\t3\n");
    List<ExampleFile.Row> rows = source(file, Format.BABI).learned();
    assertThat(rows.getFirst().columns()).containsEntry("answer_start", "33");
    assertThat(rows.getLast().columns())
        .containsEntry("label", "no")
        .containsEntry("context", "Mary is in the hall. Ada saw the hall. Mary left the hall.")
        .doesNotContainKey("answer_start");
  }

  @Test
  void questions_are_made_of_texts() throws IOException {
    String first = "In 1871 the old painter Ada Byron came home to Paris with her sister Jane.";
    String second = " Nobody knew why the quiet people of a village had liked Ada Byron so well.";
    String file = file("texts.tsv", "Text\n" + first + second + "\n" + first + second + "\n");
    DataSource made = new DataSource(file, null, Format.CLOZE, null, null, "Text", 30, 2);
    List<ExampleFile.Row> rows = made.learned();
    assertThat(rows).hasSizeBetween(5, 30).isEqualTo(made.learned());
    assertThat(rows)
        .allSatisfy(row -> {
          int start = Integer.parseInt(row.require("answer_start"));
          String answer = row.require("answers").replaceAll("[\\[\\]\"]", "");
          assertThat(row.require("context").substring(start)).startsWith(answer);
          assertThat(row.require("question")).endsWith("?").doesNotContain(answer);
        });
    assertThat(rows)
        .extracting(row -> row.require("answers"), row -> row.require("context"))
        .contains(
            org.assertj.core.groups.Tuple.tuple("[\"1871\"]", first + second),
            org.assertj.core.groups.Tuple.tuple("[\"Ada Byron\"]", second),
            org.assertj.core.groups.Tuple.tuple("[\"Ada Byron\"]", first + " "));
    String json =
        """
        {"model": "m", "task": "answer", "data": {"held_out": 2, "sources": [
          {"train": "texts.tsv", "format": "cloze", "text": "Text", "questions": 30, "times": 2}]}}
        """;
    Recipe.Data data =
        Recipe.read("a test", JsonMapper.shared().readTree(json)).relativeTo(folder).data();
    Split split = Split.ofSources(data);
    assertThat(split.held()).isEqualTo(rows.subList(rows.size() - 2, rows.size()));
    assertThat(split.learned()).hasSize(2 * (rows.size() - 2));
    assertThatThrownBy(() -> new DataSource(file, null, null, null, null, null, null, 0))
        .hasMessageContaining("times: expected 1 or more, got 0");
  }

  @Test
  void a_turn_of_a_user_has_two_before_it() throws IOException {
    String turns =
        "{\"turns\": [{\"speaker\": \"USER\", \"text\": \"One.\", \"intent\": \"A\"},"
            + "{\"speaker\": \"SYSTEM\", \"text\": \"Two.\"},"
            + "{\"speaker\": \"SYSTEM\", \"text\": \"Three.\"},"
            + "{\"speaker\": \"USER\", \"text\": \"Four.\", \"intent\": \"B\"}]}\n";
    assertThat(source(file("turns.jsonl", turns), Format.INTENTS).learned())
        .extracting(row -> row.columns().values().stream().toList())
        .containsExactly(
            List.of("user: One.", "A"), List.of("user: Four. system: Three. system: Two.", "B"));
    assertThatThrownBy(() -> source(file("bad.jsonl", "{}\n"), Format.INTENTS).learned())
        .hasMessageContaining("line 1: expected a list turns");
  }

  @Test
  void a_recipe_lists_its_sources_and_takes_another_tokenizer() {
    var json =
        JsonMapper.shared()
            .readTree(
                """
                {"model": "m", "task": "classify", "data": {"tokenizer": "t", "sources": [
                  {"train": "a.txt", "format": "babi"}, {"train": "b.tsv", "valid": "c.tsv"}]}}
                """);
    Recipe recipe = Recipe.read("a test", json).relativeTo(Path.of("at"));
    assertThat(recipe.data().files())
        .extracting(DataSource::train, DataSource::valid, DataSource::format)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Path.of("at", "a.txt").toString(), "", Format.BABI),
            org.assertj.core.groups.Tuple.tuple(
                Path.of("at", "b.tsv").toString(),
                Path.of("at", "c.tsv").toString(),
                Format.TABLE));
    assertThat(recipe.data().tokenizer()).isEqualTo(Path.of("at", "t").toString());
    var misspelt =
        JsonMapper.shared()
            .readTree(
                """
                {"model": "m", "task": "classify", "data": {"sources": [
                  {"train": "a.txt", "formats": "babi"}]}}
                """);
    assertThatThrownBy(() -> Recipe.read("a test", misspelt))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("formats");
    assertThatThrownBy(() ->
            new Recipe.Data(
                "a",
                "",
                0,
                0.15,
                0,
                List.of(source("b", Format.BABI)),
                "",
                "",
                Map.of(),
                Augmentation.NONE,
                Canvas.NONE,
                0,
                0))
        .hasMessageContaining("sources: expected neither train nor valid beside them");
  }

  @Test
  void answers_are_found_in_texts() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String thing : List.of("film", "book", "story")) {
      for (String place : List.of("good", "bad")) {
        String text = "Ada sees the " + place + " " + thing + " in Paris";
        lines.append(question(text, "Ada sees", thing));
        lines.append(question("the " + thing + " was very very very " + place, "the", thing));
      }
    }
    String file = file("answers.jsonl", lines.toString());
    Path model = TinyModels.bert(folder.resolve("bert"));
    Recipe.Learning usual = Recipe.Learning.usual();
    Recipe.Learning how =
        new Recipe.Learning(
            1,
            90,
            400,
            8,
            1,
            usual.optimizer(),
            0.01,
            0.01,
            usual.schedule(),
            0.1,
            1,
            0,
            7,
            usual.dtype(),
            false);
    Recipe recipe = Recipe.of(model.toString(), Task.ANSWER, file, file).with(how);
    // shorter than most texts with their questions
    Recipe cut = recipe.with(new Recipe.Data(file, file, 12, 0.15));
    for (Recipe each : List.of(recipe, cut)) {
      RecipeResult result =
          new RecipeRun(each, folder.resolve("out" + each.data().maxLength())).run();
      assertThat(result.metric()).isEqualTo("f1");
      assertThat(result.score()).isGreaterThan(80);
    }
    assertThatThrownBy(() ->
            new RecipeRun(
                    Recipe.of(
                        model.toString(),
                        Task.ANSWER,
                        file("bad.jsonl", question("a book", "a", "film")),
                        ""),
                    folder.resolve("no"))
                .run())
        .hasMessageContaining("line 1: expected the first answer at answer_start");
  }

  private static String question(String text, String question, String answer) {
    return JsonMapper.shared()
            .createObjectNode()
            .put("context", text)
            .put("question", question)
            .put("answers", "[\"" + answer + "\"]")
            .put("answer_start", Math.max(0, text.indexOf(answer)))
        + "\n";
  }
}
