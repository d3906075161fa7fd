package dev.heed.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that the project's pages show: each is understood, and the short ones are run. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class PageCommandsTest {
  private static final Path ROOT = Path.of("..");

  /**
   * In a block of code: perhaps a prompt and variables, then the command up to a remark or pipe.
   */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^ {4}(?:\\$ )?(?:[A-Z_]+=(?:\\$\\([^)]*\\)|\\S+) )*(?:\\./)?heed (.*)$");

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern REMARK = Pattern.compile("(\\s{3,}| [#|>&] ?).*");

  @TempDir Path folder;

  private static List<String[]> commands() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    pages.add(ROOT.resolve("CONTRIBUTING.md"));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
    }
    List<String[]> commands = new ArrayList<>();
    for (Path page : pages) {
      for (Matcher line = COMMAND.matcher(Files.readString(page)); line.find(); ) {
        commands.add(words(REMARK.matcher(line.group(1)).replaceFirst("")));
      }
    }
    return commands;
  }

  private static String[] words(String line) {
    List<String> words = new ArrayList<>();
    for (Matcher word = WORD.matcher(line); word.find(); ) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return words.toArray(String[]::new);
  }

  @Test
  void every_command_of_a_page_is_understood() throws IOException {
    List<String[]> commands =
        commands().stream().filter(words -> !words[0].equals("bench")).toList();
    assertThat(commands).hasSizeGreaterThan(40);
    for (String[] words : commands) {
      assertThatCode(() -> Heed.commandLine().parseArgs(words))
          .as(String.join(" ", words))
          .doesNotThrowAnyException();
    }
  }

  /** What a page shows, with its files in a folder of this test. */
  private CommandRun run(String line, String... files) {
    String[] words = words(line);
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
