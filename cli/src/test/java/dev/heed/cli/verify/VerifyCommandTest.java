package dev.heed.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class VerifyCommandTest {
  private static final String MODEL =
      Path.of("..", "core", "src", "test", "resources", "golden", "models", "bert-qa").toString();

  @Test
  void a_model_that_equals_its_reference_passes_with_one_row_a_tensor() {
    CommandRun run = CommandRun.heed("verify", MODEL, "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode report = new JsonMapper().readTree(run.out()).get(0);
    assertThat(report.get("passed").asBoolean()).isTrue();
    assertThat(report.get("rows")).hasSize(48);
    assertThat(report.get("notCompared")).isEmpty();
  }

  @Test
  void past_the_tolerance_it_exits_with_one() {
    CommandRun run = CommandRun.heed("verify", MODEL, "--tolerance", "1e-9");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(run.out()).contains("DIFFER").contains("output.start_logits").contains("FAILED");
  }

  @Test
  void a_folder_without_a_recording_is_bad_input() {
    CommandRun run = CommandRun.heed("verify", "no-such-folder");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).contains("config.json");
  }

  @Test
  void a_folder_that_cannot_be_run_is_named_and_the_others_are_compared() {
    CommandRun run = CommandRun.heed("verify", "no-such-folder", MODEL);
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out())
        .contains("FAILED  no-such-folder")
        .containsPattern("passed {2}.*bert-qa: 48 of 48")
        .contains("1 of 2 folders passed")
        .doesNotContain("  ok ");
  }

  @Test
  void a_tokenizer_that_equals_its_recording_passes() {
    Path folder =
        Path.of("..", "core", "src", "test", "resources", "golden", "tokenizers", "gpt2-bos");
    CommandRun run = CommandRun.heed("verify", folder.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).startsWith("passed").contains("recorded values equal");
    CommandRun json = CommandRun.heed("verify", folder.toString(), "--json");
    JsonNode report = new JsonMapper().readTree(json.out()).get(0);
    assertThat(report.get("differences")).isEmpty();
    assertThat(report.get("compared").intValue()).isGreaterThan(500);
  }

  @Test
  void a_tokenizer_that_differs_exits_with_one(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n");
    Files.writeString(
        folder.resolve("expected.json"),
        """
        {"case": "small", "reference": "transformers 4.33.0, BertTokenizer", "vocab_size": 6,
         "texts": [{"name": "one", "text": "the", "ids": [4], "more": 1}]}
        """);
    CommandRun run = CommandRun.heed("verify", folder.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(run.out())
        .startsWith("FAILED")
        .contains("DIFFER")
        .contains("one, ids")
        .contains("expected [4]")
        .contains("got      [5]")
        .contains("MISSED  not compared: one, more")
        .contains("1 of 2 recorded values equal");
  }

  @Test
  void folders_of_recordings_are_searched_and_files_beside_them_left_out(@TempDir Path folder)
      throws IOException {
    Path readme = Files.writeString(folder.resolve("README.md"), "recordings");
    Path gguf = Path.of("..", "core", "src", "test", "resources", "golden", "gguf");
    CommandRun run =
        CommandRun.heed(
            "verify",
            readme.toString(),
            gguf.resolve("models").toString(),
            gguf.resolve("quants").toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.err()).contains("README.md is a file and no recording: left out");
    assertThat(run.out())
        .containsPattern("passed {2}.*golden-llama: 6 of 6 recorded values equal")
        .containsPattern("passed {2}.*quants: 57 of 57 recorded values equal")
        .contains("2 of 2 folders passed");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "makes a link, which needs a right there")
  void folders_that_lead_back_into_themselves_come_to_an_end(@TempDir Path folder)
      throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("back"), folder);
    CommandRun run = CommandRun.heed("verify", folder.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).contains("FAILED  " + folder);
  }
}
