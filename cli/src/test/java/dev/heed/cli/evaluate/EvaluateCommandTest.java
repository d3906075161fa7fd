package dev.heed.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class EvaluateCommandTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private String file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines)).toString();
  }

  private static CommandRun run(
      String measure, String predictions, String references, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("evaluate", measure, "--predictions", predictions, "--references", references));
    arguments.addAll(Arrays.asList(more));
    return CommandRun.heed(arguments.toArray(String[]::new));
  }

  private JsonNode json(String measure, String[] predictions, String[] references, String... more)
      throws IOException {
    String[] all = Arrays.copyOf(more, more.length + 1);
    all[more.length] = "--json";
    CommandRun run =
        run(measure, file("predictions", predictions), file("references", references), all);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    return JSON.readTree(run.out());
  }

  private static double value(JsonNode report, String name) {
    return report.get("values").get(name).get("value").asDouble();
  }

  private static String[] lines(String... lines) {
    return lines;
  }

  @Test
  void texts_are_measured() throws IOException {
    String[] out = lines("the cat sat on the mat", "a dog");
    String[] gold = lines("the cat sat on the mat", "a cat");
    JsonNode bleu = json("bleu", out, gold);
    assertThat(bleu.get("signature").asString())
        .isEqualTo("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0");
    JsonNode value = bleu.get("values").get("bleu");
    // 7/8, 5/6, 4/4 and 3/3 of the n-grams match
    double expected = 100 * Math.pow(7.0 / 8 * 5 / 6, 0.25);
    assertThat(value.get("value").asDouble()).isCloseTo(expected, within(1e-9));
    assertThat(value.get("low").asDouble()).isLessThanOrEqualTo(expected);
    assertThat(value.get("high").asDouble()).isCloseTo(100, within(1e-9));
    assertThat(value(json("chrf", out, out), "chrf")).isCloseTo(100, within(1e-9));
    assertThat(value(json("ter", out, gold), "ter")).isCloseTo(100.0 / 8, within(1e-9));
    assertThat(value(json("rouge", out, gold), "rouge1")).isCloseTo(0.75, within(1e-9));
    assertThat(value(json("wer", out, gold), "wer")).isCloseTo(1.0 / 8, within(1e-9));
    assertThat(value(json("cer", out, gold), "cer")).isCloseTo(3.0 / 27, within(1e-9));
    assertThat(value(json("perplexity", lines("-1 -3", "-2"), lines("a b", "c")), "perplexity"))
        .isCloseTo(Math.exp(2), within(1e-9));
  }

  @Test
  void further_references_may_be_missing() throws IOException {
    String second = file("second", "a dog barks", "");
    JsonNode report =
        json("wer", lines("a dog barks", "a"), lines("a cat", "a"), "--references", second);
    assertThat(value(report, "wer")).isZero();
  }

  @Test
  void labels_are_measured() throws IOException {
    assertThat(
            value(json("classification", lines("a", "b", "b"), lines("a", "b", "a")), "accuracy"))
        .isCloseTo(2.0 / 3, within(1e-9));
    JsonNode sets = json("multilabel", lines("a, b", "", "c"), lines("b,a", "", "a"));
    assertThat(value(sets, "subset_accuracy")).isCloseTo(2.0 / 3, within(1e-9));
    JsonNode entities =
        json(
            "entities",
            lines("Ada B-PER", "met O", "Bo B-PER", "", "Rome B-LOC"),
            lines("Ada B-PER", "met O", "Bo O", "", "Rome B-LOC"));
    assertThat(entities.get("items").asInt()).isEqualTo(2);
    assertThat(value(entities, "precision")).isCloseTo(2.0 / 3, within(1e-9));
    assertThat(value(entities, "recall")).isEqualTo(1);
    assertThat(value(json("binary", lines("0.1", "0.9", "0.5"), lines("0", "1", "1")), "roc_auc"))
        .isEqualTo(1);
    JsonNode sure =
        json("calibration", lines("0.8 0.2", "0.4 0.6"), lines("0", "1"), "--bins", "1");
    assertThat(value(sure, "ece")).isCloseTo(0.3, within(1e-9));
    JsonNode linked = json("alignment", lines("0-0 1-1"), lines("0-0 1p1 2-2"));
    assertThat(value(linked, "aer")).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void numbers_rankings_and_boxes_are_measured() throws IOException {
    JsonNode numbers = json("correlation", lines("1", "2", "3"), lines("1", "4", "9"));
    assertThat(value(numbers, "spearman")).isCloseTo(1, within(1e-9));
    JsonNode ranking =
        json(
            "ranking",
            lines("q1 Q0 d1 1 0.5 x", "q1 Q0 d2 2 0.9 x"),
            lines("q1 0 d1 1", "q1 0 d3 0", "q2 0 d1 1"),
            "--k",
            "2");
    assertThat(value(ranking, "mrr@2")).isCloseTo(0.25, within(1e-9));
    JsonNode boxes =
        json(
            "detection",
            lines("[{\"image_id\":7,\"category_id\":1,\"bbox\":[0,0,10,10],\"score\":0.9}]"),
            lines(
                "{\"images\":[{\"id\":7},{\"id\":8}],\"categories\":[{\"id\":1}],\"annotations\":",
                "[{\"image_id\":7,\"category_id\":1,\"bbox\":[0,0,10,10],\"iscrowd\":0}]}"));
    assertThat(value(boxes, "AP")).isCloseTo(1, within(1e-9));
  }

  @Test
  void answers_are_measured_from_either_format() throws IOException {
    String[] predictions = lines("{\"1\": \"The cat\", \"2\": \"\"}");
    JsonNode official =
        json(
            "squad",
            predictions,
            lines(
                "{\"version\": \"v2.0\", \"data\": [{\"paragraphs\": [{\"qas\": [",
                "{\"id\": \"1\", \"answers\": [{\"text\": \"cat\"}]},",
                "{\"id\": \"2\", \"answers\": []}]}]}]}"),
            "--no-answer",
            file("none.json", "{\"1\": 0.2, \"2\": 0.9}"));
    assertThat(value(official, "exact")).isEqualTo(100);
    assertThat(value(official, "best_f1_threshold")).isEqualTo(0.2);
    JsonNode lines =
        json(
            "squad",
            predictions,
            lines(
                "{\"id\": \"1\", \"answers\": [\"a dog\"]}",
                "{\"id\": \"2\", \"answers\": {\"text\": []}}"));
    assertThat(value(lines, "f1")).isEqualTo(50);
  }

  @Test
  void items_intervals_and_baseline_are_reported() throws IOException {
    String gold = file("gold", "a", "b", "a", "b");
    String good = file("good", "a", "b", "a", "b");
    String bad = file("bad", "b", "b", "b", "b");
    Path items = folder.resolve("items.jsonl");
    CommandRun run =
        run("classification", good, gold, "--baseline", bad, "--items", items.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .contains("4 items; intervals hold the value with probability 0.95")
        .containsPattern("accuracy +1\\.0000  \\[1\\.0000, 1\\.0000\\]  baseline \\+0\\.5000 \\[");
    List<String> lines = Files.readAllLines(items);
    assertThat(lines).hasSize(4);
    assertThat(JSON.readTree(lines.getLast()).get("item").asInt()).isEqualTo(4);
    CommandRun again =
        run("classification", good, gold, "--baseline", bad, "--samples", "50", "--json");
    assertThat(again.out())
        .isEqualTo(
            run("classification", good, gold, "--baseline", bad, "--samples", "50", "--json")
                .out());
    JsonNode bare =
        JSON.readTree(run("classification", good, gold, "--samples", "0", "--json").out());
    assertThat(bare.get("values").get("accuracy").get("low").isNull()).isTrue();
  }

  @Test
  void wrong_files_are_explained() throws IOException {
    String one = file("one", "a");
    String two = file("two", "a", "b");
    CommandRun lengths = run("bleu", one, two);
    assertThat(lengths.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(lengths.err()).contains("expected 2 items as in --references, got 1");
    assertThat(run("correlation", one, one).err()).contains("line 1: expected a number, got a");
    assertThat(run("bleu", one, one, "--tokenizer", "x").exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("entities", one, one, "--scheme", "x").exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("wer", one, one, "--confidence", "2").exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("wer", one, one, "--items", one).exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("wer", file("none"), file("nothing")).err())
        .contains("expected at least one item, got none");
    assertThat(run("alignment", file("p", "0p1"), one).err())
        .contains("expected links such as 0-1");
    assertThat(run("squad", file("s", "{}"), file("q", "{\"id\":\"7\",\"answers\":[]}")).err())
        .contains("got nothing for 7");
    assertThat(run("detection", file("d", "{}"), file("g", "{}")).err())
        .contains("expected a list images");
    assertThat(run("ranking", file("r", "q Q0 d 1 1 x"), file("k", "p 0 d 1")).err())
        .contains("expected a query of the references, got q");
    CommandRun nothing = CommandRun.heed("evaluate");
    assertThat(nothing.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(nothing.err()).contains("name one of alignment, answer, association, binary, bleu");
    assertThat(CommandRun.heed("evaluate", "--help").out()).contains("rouge", "detection", "sts");
  }
}
