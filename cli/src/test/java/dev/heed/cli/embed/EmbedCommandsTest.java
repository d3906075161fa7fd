package dev.heed.cli.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.task.TinyFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class EmbedCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private String file(String... lines) throws IOException {
    return Files.write(Files.createTempFile(folder, "lines", ".txt"), List.of(lines)).toString();
  }

  @Test
  void embed_prints_one_object_a_line() throws IOException {
    CommandRun run = CommandRun.heed("embed", "--file", file("A cat.", "", "Another cat."));
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    List<String> lines = run.out().lines().toList();
    assertThat(lines.size()).as("the blank line is skipped").isEqualTo(2);
    JsonNode last = JSON.readTree(lines.getLast());
    assertThat(last.get("line").asInt()).isEqualTo(3);
    assertThat(last.get("text").asString()).isEqualTo("Another cat.");
    assertThat(last.get("embedding").size()).isEqualTo(384);
    JsonNode all = JSON.readTree(CommandRun.heed("embed", "A cat.", "--json").out());
    assertThat(all.size()).isEqualTo(1);
  }

  @Test
  void a_dash_or_nothing_reads_standard_input() {
    InputStream before = System.in;
    try {
      for (String[] arguments : List.of(new String[] {"embed", "-"}, new String[] {"embed"})) {
        System.setIn(new ByteArrayInputStream("A cat.\nA dog.\n".getBytes(UTF_8)));
        assertThat(CommandRun.heed(arguments).out().lines()).hasSize(2);
      }
      System.setIn(new ByteArrayInputStream(new byte[] {'a', (byte) 0xff, '\n'}));
      CommandRun run = CommandRun.heed("embed");
      assertThat(run.exit()).isNotEqualTo(ExitStatus.OK);
      assertThat(run.err()).contains("standard input: expected text in UTF-8");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void similar_ranks_lines() throws IOException {
    String lines = file("The market fell.", "", "A kitten sleeps.", "Rain is expected.");
    CommandRun run =
        CommandRun.heed("similar", "A cat naps.", "--file", lines, "--top", "2", "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode ranked = JSON.readTree(run.out());
    assertThat(ranked.size()).isEqualTo(2);
    assertThat(ranked.get(0).get("line").asInt()).isEqualTo(3);
    assertThat(ranked.get(0).get("text").asString()).isEqualTo("A kitten sleeps.");
  }

  @Test
  void what_embed_keeps_in_a_folder_similar_finds() throws IOException {
    String lines = file("The market fell.", "", "A kitten sleeps.", "Rain is expected.");
    String index = folder.resolve("index").toString();
    CommandRun kept = CommandRun.heed("embed", "--file", lines, "--index", index);
    assertThat(kept.exit()).as(kept.err()).isEqualTo(ExitStatus.OK);
    assertThat(kept.err()).contains("heed: 3 texts kept in " + index);
    assertThat(kept.out()).isEmpty();
    String[] found = {"similar", "A cat naps.", "--index", index, "--top", "2"};
    String[] read = {"similar", "A cat naps.", "--file", lines, "--top", "2"};
    CommandRun run = CommandRun.heed(found);
    assertThat(run.out()).as(run.err()).isEqualTo(CommandRun.heed(read).out()).contains("kitten");
    assertThat(CommandRun.heed("embed", "--file", lines, "--index", index).err())
        .contains("expected an empty folder, got " + index);
    assertThat(CommandRun.heed("embed", "x", "--index", index, "--json").exit())
        .isEqualTo(ExitStatus.USAGE);
    assertThat(CommandRun.heed("similar", "x", "--file", lines, "--index", index).exit())
        .isEqualTo(ExitStatus.USAGE);
    String tiny = TinyFolder.write(folder.resolve("tiny"), "bert", "bert", Map.of());
    CommandRun other = CommandRun.heed("similar", "x", "--index", index, "--model", tiny);
    assertThat(other.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(other.err()).contains("expected the encoder that it was made with");
  }

  @Test
  void evaluate_correlates_with_scores() throws IOException {
    String pairs =
        file(
            "genre\tscore\tsentence1\tsentence2",
            "a\t5\tA man plays a guitar.\tA man is playing the guitar.",
            "a\t2.5\tA man plays a guitar.\tA woman plays the violin.",
            "a\t0\tA man plays a guitar.\tThe market fell.");
    CommandRun run = CommandRun.heed("evaluate", "sts", pairs, "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode spearman = JSON.readTree(run.out()).get("values").get("spearman");
    assertThat(spearman.get("value").asDouble()).isCloseTo(1, within(1e-12));
  }

  @Test
  void the_files_of_a_folder_are_texts_and_a_bad_one_does_not_lose_the_others() throws IOException {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(texts.resolve("a.txt"), "A kitten\nsleeps.");
    Files.write(texts.resolve("b.txt"), new byte[] {(byte) 0xff});
    Files.writeString(texts.resolve("c.txt"), "The market fell.");
    CommandRun run = CommandRun.heed("embed", "--file", texts.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    String[] lines = run.out().split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).contains("\"file\":\"a.txt\"").contains("\"embedding\"");
    assertThat(lines[1]).contains("b.txt").contains("expected text in UTF-8");
    assertThat(lines[2]).contains("c.txt").contains("\"embedding\"");
    CommandRun ranked = CommandRun.heed("similar", "a cat naps", "--file", texts.toString());
    assertThat(ranked.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(ranked.err()).contains("b.txt: expected text in UTF-8");
    assertThat(ranked.out()).containsPattern("^0\\.\\d+  a\\.txt  A kitten sleeps\\.");
  }

  @Test
  void wrong_input_is_explained() throws IOException {
    CommandRun columns = CommandRun.heed("evaluate", "sts", file("a\tb", "1\t2", "3\t4"));
    assertThat(columns.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(columns.err()).contains("expected a field sentence1, got [a, b]");
    CommandRun both = CommandRun.heed("embed", "x", "--file", "y");
    assertThat(both.exit()).isEqualTo(ExitStatus.USAGE);
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    CommandRun bytes = CommandRun.heed("embed", "--file", binary.toString());
    assertThat(bytes.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(bytes.err()).contains("expected text in UTF-8");
    CommandRun blank = CommandRun.heed("similar", "x", "--file", file("", " "));
    assertThat(blank.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(CommandRun.heed("evaluate").exit()).isEqualTo(ExitStatus.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "tr-TR"})
  void numbers_are_the_same_in_every_locale(String locale) throws IOException {
    String lines = file("where to park the car", "sunny weather");
    String pairs = pairs("");
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag(locale));
      assertThat(CommandRun.heed("similar", "parking", "--file", lines).out())
          .startsWith("0.730      1  where to park the car");
      assertThat(CommandRun.heed("evaluate", "sts", pairs).out())
          .startsWith("3 items; ")
          .containsPattern("pearson +0\\.9322 ");
    } finally {
      Locale.setDefault(before);
    }
  }

  private String pairs(String mark) throws IOException {
    String text =
        mark + "score\tsentence1\tsentence2\n5\ta cat\ta cat sits\n1\ta cat\train\n3\tdog\tcat\n\n";
    return Files.writeString(folder.resolve("pairs.tsv"), text).toString();
  }

  @Test
  void a_byte_order_mark_is_no_part_of_the_text() throws IOException {
    CommandRun run = CommandRun.heed("evaluate", "sts", pairs("\uFEFF"));
    assertThat(run.out()).as(run.err()).containsPattern("pearson +0\\.9322 ");
    CommandRun line = CommandRun.heed("embed", "--file", file("\uFEFFA cat."));
    CommandRun same = CommandRun.heed("embed", "--file", file("A cat."));
    assertThat(line.out()).isEqualTo(same.out()).contains("\"A cat.\"");
  }

  @Test
  void what_a_file_holds_cannot_command_the_terminal() throws IOException {
    String hostile = "\u001b]0;owned\u0007 a cat \u001b[31m\u202e";
    String lines = file(hostile);
    CommandRun run = CommandRun.heed("similar", "cat", "--file", lines);
    assertThat(run.out()).contains("\\u001b]0;owned\\u0007 a cat \\u001b[31m\\u202e");
    assertThat(run.out().chars()).doesNotContain(0x1b, 7, 0x202e);
    CommandRun json = CommandRun.heed("embed", "--file", lines);
    assertThat(JSON.readTree(json.out()).get("text").asString()).isEqualTo(hostile);
    assertThat(json.out().chars()).doesNotContain(0x1b, 7, 0x202e);
  }

  /** A blank text says nothing: as an argument it is refused, as a line it is skipped. */
  @Test
  void blank_texts_are_treated_alike() throws IOException {
    String lines = file("A cat.", " ", "A dog.");
    String none = file("", "\t");
    for (String[] arguments :
        List.of(
            new String[] {"embed", ""},
            new String[] {"embed", "  "},
            new String[] {"embed", "--file", none},
            new String[] {"similar", "", "--file", lines},
            new String[] {"similar", "x", "--file", none},
            new String[] {"look", ""},
            new String[] {"evaluate", "sts", none})) {
      CommandRun run = CommandRun.heed(arguments);
      assertThat(run.exit()).as(String.join(" ", arguments)).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(run.err()).containsAnyOf("got an empty one", "got none");
    }
  }

  @Test
  void a_text_that_is_cut_says_so() throws IOException {
    String lines = file("A cat.", "A cat sleeps. ".repeat(100));
    CommandRun run = CommandRun.heed("embed", "--file", lines);
    assertThat(run.err()).contains("1 text is longer than the 256 tokens that the model reads");
    assertThat(CommandRun.heed("similar", "cat", "--file", lines).err())
        .contains("1 text is longer");
    assertThat(CommandRun.heed("embed", "A cat.").err()).isEmpty();
  }

  @Test
  void files_that_cannot_be_read_are_named_with_their_option() {
    for (String[] arguments :
        List.of(
            new String[] {"embed", "--file", "no-such.txt"},
            new String[] {"similar", "x", "--file", "no-such.txt"})) {
      CommandRun run = CommandRun.heed(arguments);
      assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(run.err()).contains("--file: no such file: no-such.txt; check the path");
    }
    assertThat(CommandRun.heed("embed", "--file", folder.toString()).err())
        .contains("--file: expected files in the folder, got none: " + folder);
    assertThat(CommandRun.heed("embed", "x", "--model", "no-such").err())
        .contains("--model: no such folder: no-such");
  }
}
