package dev.heed.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every task command shares, by {@code heed classify}. */
@Tag("integration")
class ClassifyCommandTest {
  @TempDir Path folder;
  private String model = "";

  @BeforeEach
  void write() throws IOException {
    model = TinyFolder.write(folder.resolve("model"), "bert-classify", "bert", Map.of());
  }

  @Test
  void a_text_prints_its_classes_and_json_all_of_them() {
    CommandRun run = CommandRun.heed("classify", "--model", model, "the cat sat");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).matches("\\w+ 0\\.\\d{3}  \\w+ 0\\.\\d{3}  \\w+ 0\\.\\d{3}\\n");
    JsonNode json =
        new JsonMapper()
            .readTree(CommandRun.heed("classify", "--model", model, "--json", "the cat sat").out());
    assertThat(json.get("text").stringValue()).isEqualTo("the cat sat");
    JsonNode labels = json.get("result").get("labels");
    double sum = 0;
    for (JsonNode label : labels) {
      sum += label.get("score").asDouble();
    }
    assertThat(sum).isBetween(0.999999, 1.000001);
    assertThat(run.out()).startsWith(labels.get(0).get("name").stringValue() + " ");
  }

  @Test
  void one_bad_line_does_not_lose_the_others_whatever_the_batch() throws IOException {
    Path pairs =
        Files.writeString(folder.resolve("pairs.txt"), "a cat\tit ran\nno tab\nred\tgreen\n");
    for (String batch : new String[] {"1", "2", "16"}) {
      CommandRun run =
          CommandRun.heed(
              "classify",
              "--model",
              model,
              "--pairs",
              "--file",
              pairs.toString(),
              "--batch",
              batch,
              "--json");
      assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
      String[] lines = run.out().split("\n");
      assertThat(lines).hasSize(3);
      assertThat(lines[0]).startsWith("{\"line\":1,").contains("\"result\"");
      assertThat(lines[1]).startsWith("{\"line\":2,").contains("\"error\":\"--pairs: expected two");
      assertThat(lines[2]).startsWith("{\"line\":3,").contains("\"result\"");
    }
    CommandRun plain =
        CommandRun.heed("classify", "--model", model, "--pairs", "--file", pairs.toString());
    assertThat(plain.out().split("\n")).hasSize(3);
    assertThat(plain.out().split("\n")[1]).isEmpty();
    assertThat(plain.err()).contains("line 2: --pairs: expected two texts");
  }

  @Test
  void a_folder_is_a_text_a_file_and_a_broken_one_fails_alone() throws IOException {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(texts.resolve("a.txt"), "the cat\nsat");
    Files.write(texts.resolve("b.txt"), new byte[] {(byte) 0xC3, (byte) 0x28});
    Files.writeString(texts.resolve("c.txt"), "good");
    CommandRun run =
        CommandRun.heed("classify", "--model", model, "--file", texts.toString(), "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    String[] lines = run.out().split("\n");
    assertThat(lines[0]).startsWith("{\"file\":\"a.txt\"").contains("\"result\"");
    assertThat(lines[1]).startsWith("{\"file\":\"b.txt\"").contains("UTF-8");
    assertThat(lines[2]).startsWith("{\"file\":\"c.txt\"").contains("\"result\"");
  }

  @Test
  void what_decided_is_drawn_as_a_page_and_a_picture() throws IOException {
    Path page = folder.resolve("why.html");
    Path picture = folder.resolve("why.png");
    for (Path file : new Path[] {page, picture}) {
      CommandRun run =
          CommandRun.heed(
              "classify", "--model", model, "--attention", file.toString(), "the cats sat");
      assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
      assertThat(run.err()).contains("wrote " + file);
    }
    assertThat(Files.readString(page)).contains(">cats</span>").contains("Words for and against");
    assertThat(new String(Files.readAllBytes(picture), StandardCharsets.ISO_8859_1))
        .startsWith("\u0089PNG");
    Path lines = Files.writeString(folder.resolve("lines.txt"), "a\nb\n");
    CommandRun many =
        CommandRun.heed(
            "classify", "--model", model, "--attention", "why.html", "--file", lines.toString());
    assertThat(many.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(many.err()).contains("--attention: expected one text, got 2");
  }

  @Test
  void a_model_without_the_head_and_odd_options_are_refused() throws IOException {
    String qa = TinyFolder.write(folder.resolve("qa"), "bert-qa", "bert", Map.of());
    CommandRun other = CommandRun.heed("classify", "--model", qa, "the cat");
    assertThat(other.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(other.err()).contains("BertForQuestionAnswering").contains("This one fits: answer");
    assertThat(CommandRun.heed("classify", "--model", model, "--labels", "a,b", "the cat").err())
        .contains("entailment");
    assertThat(CommandRun.heed("classify", "--model", model, "--batch", "0", "a").exit())
        .isEqualTo(ExitStatus.USAGE);
    assertThat(CommandRun.heed("classify", "--model", model, " ").exit())
        .isEqualTo(ExitStatus.BAD_INPUT);
  }
}
