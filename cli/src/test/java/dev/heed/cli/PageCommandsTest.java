package dev.heed.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.heed.fixture.PageCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands that the project's pages show: each is understood, and the short ones are run. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class PageCommandsTest {
  private static final Path ROOT = Path.of("..");

  @TempDir Path folder;

  private static boolean isBenchmark(String... words) {
    return words[0].equals("bench"); // heed-bench's own test parses these
  }

  @Test
  void every_command_of_a_page_is_understood() throws IOException {
    List<String[]> commands =
        PageCommands.whole().stream().filter(words -> !isBenchmark(words)).toList();
    assertThat(commands).hasSizeGreaterThan(40);
    for (String[] words : commands) {
      assertThatCode(() -> Heed.commandLine().parseArgs(words))
          .as(String.join(" ", words))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void commands_and_options_that_a_sentence_names_exist() throws IOException {
    List<String[]> commands =
        PageCommands.named().stream().filter(words -> !isBenchmark(words)).toList();
    assertThat(commands).hasSizeGreaterThan(30);
    for (String[] words : commands) {
      CommandLine command = Heed.commandLine();
      for (String word : words) {
        if (word.matches("[A-Z]+") && !command.getSubcommands().isEmpty()) {
          break; // any of them may stand here, with options of its own
        }
        CommandLine inner = command.getSubcommands().get(word);
        command = inner == null ? command : inner;
        if (word.startsWith("--")) {
          assertThat(command.getCommandSpec().optionsMap())
              .as(String.join(" ", words))
              .containsKey(word);
        }
      }
      assertThat(command.getParent()).as(String.join(" ", words)).isNotNull();
    }
  }

  /** What a page shows, with its files in a folder of this test. */
  private CommandRun run(String line, String... files) {
    String[] words = PageCommands.words(line);
    for (int i = 0; i < words.length; i++) {
      if (List.of(files).contains(words[i])) {
        words[i] = folder.resolve(words[i]).toString();
      }
    }
    CommandRun run = CommandRun.heed(words);
    assertThat(run.exit()).as("%s: %s", line, run.err()).isEqualTo(ExitStatus.OK);
    return run;
  }

  private void shown(String page, String line) throws IOException {
    assertThat(Files.readString(ROOT.resolve(page))).contains("./heed " + line);
  }

  @Test
  void short_ones_do_what_the_page_says() throws IOException {
    Files.writeString(
        folder.resolve("faq.txt"),
        """
        Parking is free on Sundays.
        The museum opens at nine.
        Leave your car behind the station.
        Dogs are welcome.
        """);
    String similar = "similar \"Where can I park?\" --file faq.txt";
    shown("README.md", similar);
    String printed = run(similar, "faq.txt").out();
    assertThat(Files.readString(ROOT.resolve("README.md")))
        .contains(printed.stripTrailing().indent(4));
    String embed = "embed --file faq.txt --index faq";
    String again = "similar \"Where can I park?\" --index faq";
    shown("docs/stores.md", embed);
    shown("docs/stores.md", again);
    run(embed, "faq.txt", "faq");
    assertThat(run(again, "faq").out()).isEqualTo(printed);
    String look =
        "look \"The animal didn't cross the street because it was too tired.\" --html it.html";
    shown("docs/from-zero.md", look);
    assertThat(run(look, "it.html").out()).contains("animal");
    assertThat(folder.resolve("it.html")).isNotEmptyFile();
  }
}
