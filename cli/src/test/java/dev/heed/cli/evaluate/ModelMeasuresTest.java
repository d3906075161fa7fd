package dev.heed.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.task.TinyFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models on data sets: what they are asked, and that their answers are measured as any others. */
@Tag("integration")
class ModelMeasuresTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private String model(String recorded, String words) throws IOException {
    return TinyFolder.write(folder.resolve(recorded), recorded, words, Map.of());
  }

  private String data(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static JsonNode values(CommandRun run) {
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    return JSON.readTree(run.out()).get("values");
  }

  private static double value(JsonNode values, String name) {
    return values.get(name).get("value").asDouble();
  }

  @Test
  void classes_are_measured_as_their_predictions_are() throws IOException {
    String model = model("bert-classify", "bert");
    String data =
        data("valid.tsv", "label\ttext\n0\tthe cat sat\nPOSITIVE\ta good book\nneutral\tit ran\n");
    Path items = folder.resolve("items.jsonl");
    JsonNode values =
        values(
            CommandRun.heed(
                "evaluate",
                "classify",
                data,
                "--model",
                model,
                "--json",
                "--items",
                items.toString()));
    int right = 0;
    for (String line : Files.readAllLines(items)) {
      JsonNode item = JSON.readTree(line);
      String said = item.get("prediction").stringValue();
      assertThat(
              CommandRun.heed("classify", "--model", model, item.get("text").stringValue()).out())
          .startsWith(said + " ");
      right += said.equals(item.get("label").stringValue()) ? 1 : 0;
    }
    assertThat(value(values, "accuracy")).isCloseTo(right / 3.0, within(1e-12));
    double brier = 0;
    for (String line : Files.readAllLines(items)) {
      JsonNode item = JSON.readTree(line);
      JsonNode labels =
          JSON.readTree(
                  CommandRun.heed(
                          "classify", "--model", model, "--json", item.get("text").stringValue())
                      .out())
              .get("result")
              .get("labels");
      for (JsonNode each : labels) {
        boolean own = each.get("name").stringValue().equals(item.get("label").stringValue());
        brier += Math.pow(each.get("score").asDouble() - (own ? 1 : 0), 2) / 3;
      }
    }
    // One text at a time here, all together there: their rounding differs in f32.
    assertThat(value(values, "brier")).isCloseTo(brier, within(1e-5));
    assertThat(value(values, "ece")).isBetween(0.0, 1.0);
    CommandRun unknown =
        CommandRun.heed(
            "evaluate",
            "classify",
            data("odd.tsv", "label\ttext\nodd\tthe cat\n"),
            "--model",
            model);
    assertThat(unknown.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(unknown.err()).contains("line 2").contains("NEGATIVE").contains("got odd");
  }

  @Test
  void answers_of_squads_json_and_of_lines_are_alike() throws IOException {
    String model = model("bert-qa", "bert");
    String text = "the cat sat on the tree";
    String said =
        CommandRun.heed("answer", "--model", model, "who ?", "--text", text).out().strip();
    String answer = said.substring(7);
    String lines =
        "{\"id\": \"a\", \"question\": \"who ?\", \"context\": \"%s\", \"answers\": [\"%s\"]}\n"
            .replaceFirst("%s", text)
            .replaceFirst("%s", answer);
    String squad =
        "{\"version\": \"1\", \"data\": [{\"paragraphs\": [{\"context\": \"%s\", \"qas\": [{\"id\":"
            + " \"a\", \"question\": \"who ?\", \"answers\": [{\"text\": \"%s\"}]}]}]}]}";
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(lines.getBytes(StandardCharsets.UTF_8));
    }
    Path unpacked = Files.write(folder.resolve("lines.jsonl.gz"), packed.toByteArray());
    for (String data :
        new String[] {
          unpacked.toString(),
          data("squad.json", squad.replaceFirst("%s", text).replaceFirst("%s", answer))
        }) {
      JsonNode values =
          values(CommandRun.heed("evaluate", "answer", data, "--model", model, "--json"));
      assertThat(value(values, "exact")).isEqualTo(100);
    }
  }

  @Test
  void an_encoder_decoder_is_asked_for_what_it_should_write() throws IOException {
    String data = data("pairs.tsv", "the cat sat\ta cat\nalone\nit ran\tit sat\n");
    CommandRun run =
        CommandRun.heed("evaluate", "perplexity", data, "--model", model("t5", "t5"), "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(run.err()).contains("example 2: expected a source and what is written of it");
    JsonNode values = JSON.readTree(run.out()).get("values");
    assertThat(value(values, "perplexity")).isGreaterThan(1);
    assertThat(value(values, "failed")).isEqualTo(1);
    CommandRun hidden =
        CommandRun.heed(
            "evaluate",
            "perplexity",
            data("texts.txt", "the cat sat\nit ran\n"),
            "--model",
            model("bert", "bert"),
            "--json");
    assertThat(value(values(hidden), "perplexity")).isGreaterThan(1);
  }

  @Test
  void one_example_that_fails_is_wrong_and_does_not_lose_the_others() throws IOException {
    String model = model("bert", "bert");
    String data =
        data(
            "cloze.jsonl",
            "{\"text\": \"the [MASK] sat\", \"answer\": \"cat\"}\n{\"text\":"
                + " \"no mask\", \"answer\": \"cat\"}\n");
    CommandRun run =
        CommandRun.heed(
            "evaluate", "fill", data, "--model", model, "--json", "--k", "1,50", "--guesses", "50");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(run.err()).contains("example 2: text: expected [MASK]");
    assertThat(value(JSON.readTree(run.out()).get("values"), "failed")).isEqualTo(1);
  }

  @Test
  void entities_are_tagged_by_a_model() throws IOException {
    String model = model("bert-ner", "bert");
    String data = data("valid.tsv", "anna\tB-PER\nsaw\tO\n\nlondon\tB-LOC\n");
    Path items = folder.resolve("items.jsonl");
    JsonNode values =
        values(
            CommandRun.heed(
                "evaluate",
                "entities",
                data,
                "--model",
                model,
                "--json",
                "--items",
                items.toString()));
    JsonNode first = JSON.readTree(Files.readAllLines(items).getFirst());
    assertThat(first.get("words").size()).isEqualTo(2);
    StringBuilder predicted = new StringBuilder();
    for (String line : Files.readAllLines(items)) {
      JSON.readTree(line)
          .get("prediction")
          .forEach(tag -> predicted.append("x ").append(tag.stringValue()).append('\n'));
      predicted.append('\n');
    }
    JsonNode byFile =
        values(
            CommandRun.heed(
                "evaluate",
                "entities",
                "--predictions",
                data("out.tsv", predicted.toString()),
                "--references",
                data,
                "--json"));
    assertThat(values).isEqualTo(byFile);
    CommandRun none = CommandRun.heed("evaluate", "entities", "--references", data);
    assertThat(none.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(none.err()).contains("--predictions");
  }

  @Test
  void translations_and_summaries_are_measured_by_bleu_and_rouge() throws IOException {
    String model = model("m2m-100", "m2m");
    String pairs = data("pairs.tsv", "the cat sat\tle chat\na dog ran\tun chien\n");
    CommandRun run =
        CommandRun.heed(
            "evaluate",
            "translate",
            pairs,
            "--model",
            model,
            "--to",
            "fr",
            "--max-new-tokens",
            "5",
            "--json");
    assertThat(values(run).propertyNames()).contains("bleu", "chrf");
    assertThat(JSON.readTree(run.out()).get("signature").stringValue()).contains("tok:13a");
    String papers =
        data(
            "papers.jsonl",
            "{\"abstract\": [\"the cat sat .\", \"it ran .\"], \"summaries\": [\"cat\", \"a"
                + " cat\"]}\n");
    assertThat(
            values(
                    CommandRun.heed(
                        "evaluate",
                        "summarize",
                        papers,
                        "--model",
                        model("bart", "bart"),
                        "--max-new-tokens",
                        "5",
                        "--json"))
                .propertyNames())
        .contains("rouge1", "rougeLsum");
  }

  @Test
  void texts_are_as_probable_as_the_model_says() throws IOException {
    String model = model("gpt2", "gpt");
    String data = data("texts.txt", "the cat sat on the tree\na dog ran\n");
    JsonNode values =
        values(CommandRun.heed("evaluate", "perplexity", data, "--model", model, "--json"));
    assertThat(value(values, "perplexity")).isBetween(1.0, 1000.0);
    JsonNode whole =
        values(
            CommandRun.heed("evaluate", "perplexity", data, "--model", model, "--whole", "--json"));
    assertThat(value(whole, "bits_per_byte")).isPositive();
  }
}
