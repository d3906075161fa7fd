package dev.heed.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code heed translate}, {@code summarize} and {@code complete}. */
@Tag("integration")
class WrittenTextCommandsTest {
  @TempDir Path folder;

  private String model(String recorded, String words) throws IOException {
    return TinyFolder.write(folder.resolve(recorded), recorded, words, Map.of());
  }

  @Test
  void translations_keep_to_their_lines_and_align() throws IOException {
    String model = model("m2m-100", "m2m");
    Path lines = Files.writeString(folder.resolve("in.txt"), "the cat sat\n\na dog ran\n");
    CommandRun run =
        CommandRun.heed(
            "translate",
            "--model",
            model,
            "--from",
            "en",
            "--to",
            "fr",
            "--file",
            lines.toString(),
            "--max-new-tokens",
            "6");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().split("\n", -1)).hasSize(3);
    CommandRun unknown =
        CommandRun.heed("translate", "--model", model, "--to", "de", "--file", lines.toString());
    assertThat(unknown.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(unknown.err()).contains("--to: expected one of en, fr, got de");
    for (String name : new String[] {"alignment.html", "alignment.png"}) {
      Path file = folder.resolve(name);
      CommandRun drawn =
          CommandRun.heed(
              "translate",
              "--model",
              model,
              "--to",
              "fr",
              "--max-new-tokens",
              "6",
              "--attention",
              file.toString(),
              "the cat sat");
      assertThat(drawn.exit()).as(drawn.err()).isEqualTo(ExitStatus.OK);
      assertThat(file).isNotEmptyFile();
    }
    assertThat(Files.readString(folder.resolve("alignment.html")))
        .contains("<th scope=\"col\">cat</th>");
  }

  @Test
  void a_whole_file_is_summarised() throws IOException {
    Path text =
        Files.writeString(
            folder.resolve("long.txt"), "the cat sat on the tree and the dog saw .\n".repeat(9));
    CommandRun run =
        CommandRun.heed(
            "summarize",
            "--model",
            model("bart", "bart"),
            "--whole",
            "--file",
            text.toString(),
            "--max-new-tokens",
            "6",
            "--json");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode json = new JsonMapper().readTree(run.out());
    assertThat(json.get("result").get("levels").asInt()).isGreaterThan(1);
    assertThat(json.get("file").stringValue()).endsWith("long.txt");
  }

  @Test
  void without_a_model_sentences_are_picked() {
    String text = "It was late. The city builds a bridge. The bridge is a bridge for the city.";
    CommandRun one = CommandRun.heed("summarize", "--sentences", "1", text);
    assertThat(one.exit()).as(one.err()).isEqualTo(ExitStatus.OK);
    assertThat(one.out()).contains("bridge").doesNotContain("late");
    assertThat(CommandRun.heed("summarize", "--beams", "2", text).err())
        .contains("--beams: expected --model, a model that writes");
    assertThat(CommandRun.heed("summarize", "--sentences", "0", text).err())
        .contains("--sentences: expected 1 or more, got 0");
  }

  @Test
  void a_hole_is_filled_and_a_text_goes_on() throws IOException {
    String model = model("gpt2", "gpt");
    CommandRun on =
        CommandRun.heed("complete", "--model", model, "--max-new-tokens", "4", "the cat");
    assertThat(on.exit()).as(on.err()).isEqualTo(ExitStatus.OK);
    CommandRun between =
        CommandRun.heed(
            "complete", "--model", model, "--max-new-tokens", "4", "the cat <FILL> on the tree");
    assertThat(between.exit()).as(between.err()).isEqualTo(ExitStatus.OK);
    CommandRun twice = CommandRun.heed("complete", "--model", model, "the <FILL> on <FILL> tree");
    assertThat(twice.err()).contains("--hole: expected <FILL> once");
    CommandRun reads = CommandRun.heed("complete", "--model", model("bart", "bart"), "the cat");
    assertThat(reads.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(reads.err()).contains("This one fits:").contains("translate, summarize");
  }
}
