package dev.heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Tag("unit")
class HeedTest {

  /** A command that ends as the test wants. */
  @Command(name = "end")
  static final class End extends HeedCommand {
    @Nullable Exception error;

    @Override
    protected int run() throws Exception {
      if (error != null) {
        throw error;
      }
      return ExitStatus.CHECK_FAILED;
    }
  }

  private static CommandRun endWith(@Nullable Exception error, String... options) {
    End end = new End();
    end.error = error;
    CommandLine command = Heed.commandLine().addSubcommand(end);
    return CommandRun.run(
        command, Stream.concat(Stream.of("end"), Stream.of(options)).toArray(String[]::new));
  }

  @Test
  void a_command_sets_the_exit_code() {
    assertThat(endWith(null).exit()).isEqualTo(ExitStatus.CHECK_FAILED);
  }

  @Test
  void every_command_says_what_its_exit_codes_mean() {
    for (CommandLine command : Heed.commandLine().getSubcommands().values()) {
      assertThat(command.getUsageMessage())
          .as(command.getCommandName())
          .contains("Exit codes:")
          .containsPattern("  2 +the command line was wrong");
    }
  }

  @Test
  void a_line_has_the_command_that_it_names_alone_and_all_where_it_names_none() {
    assertThat(Heed.commandFor("look", "help").getSubcommands()).containsOnlyKeys("look");
    assertThat(Heed.commandLine().getSubcommands().values())
        .extracting(CommandLine::getCommandName)
        .containsExactlyElementsOf(Commands.ALL.keySet());
    for (String first : List.of("help", "--help", "lok", "@options.txt")) {
      assertThat(Heed.commandFor(first).getSubcommands()).hasSameSizeAs(Commands.ALL);
    }
    assertThat(Heed.commandFor().getSubcommands()).hasSameSizeAs(Commands.ALL);
  }

  @Test
  void a_misspelt_command_gets_the_closest_name() {
    CommandRun run = CommandRun.heed("docter");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("no command is called docter; did you mean doctor?");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void a_misspelt_option_gets_the_closest_name() {
    CommandRun run = CommandRun.heed("doctor", "--jsn");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--jsn").contains("--json").contains("heed doctor --help");
  }

  @Test
  void a_command_that_there_is_not_is_an_error_with_help_too() {
    CommandRun run = CommandRun.heed("nonsense", "--help");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("no command is called nonsense; there are look, ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void what_is_no_number_is_named_with_its_option() {
    CommandRun run = CommandRun.heed("doctor", "--threads", "many");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("'--threads'").contains("expected a whole number, got 'many'");
  }

  @Test
  void words_without_quotes_are_told() {
    CommandRun run = CommandRun.heed("look", "The", "cat");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("expected no more arguments, got 'cat'; put a text");
  }

  @Test
  void no_command_and_help_guide() {
    String guide = CommandRun.heed().out();
    assertThat(guide)
        .contains("First steps:", "heed look \"The animal", "bench ", "doctor ", "Exit codes:");
    assertThat(guide.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(CommandRun.heed("help").out()).isEqualTo(guide);
    assertThat(CommandRun.heed("--help").out()).isEqualTo(guide);
  }

  @Test
  void help_of_a_command_is_its_help() {
    assertThat(CommandRun.heed("help", "look").out())
        .isEqualTo(CommandRun.heed("look", "--help").out())
        .contains("--hide-special");
    assertThat(CommandRun.heed("help", "mechanisms", "show").out()).contains("NAME");
    CommandRun misspelt = CommandRun.heed("help", "lok");
    assertThat(misspelt.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(misspelt.err()).contains("no command is called lok; did you mean look or lock?");
  }

  @Test
  void bench_is_the_launchers() {
    CommandRun run = CommandRun.heed("bench", "attention", "--seconds", "1");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("run ./heed bench");
  }

  @Test
  void negative_threads_are_a_usage_error() {
    CommandRun run = endWith(null, "--threads", "-3");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--threads: expected 1 or more, got -3");
  }

  @Test
  void no_threads_are_a_usage_error() {
    CommandRun run = endWith(null, "--threads", "0");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--threads: expected 1 or more, got 0");
  }

  @Test
  void version_and_help_succeed() {
    assertThat(CommandRun.heed("--version").out()).startsWith("heed ");
    CommandRun help = CommandRun.heed("--help");
    assertThat(help.exit()).isEqualTo(ExitStatus.OK);
    assertThat(help.out()).contains("doctor").contains("Exit codes").contains("First steps");
  }

  @Test
  void a_missing_file_is_bad_input_in_words() {
    CommandRun run = endWith(new NoSuchFileException("a/b.json"));
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).isEqualToIgnoringNewLines("heed: no such file: a/b.json; check the path");
  }

  @Test
  void bad_input_prints_its_message_only() {
    CommandRun run = endWith(new BadInputException("expected a head below 12, got 99"));
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).isEqualToIgnoringNewLines("heed: expected a head below 12, got 99");
  }

  @Test
  void a_defect_says_so_and_hides_the_trace_until_asked() {
    CommandRun quiet = endWith(new IllegalStateException("impossible"));
    assertThat(quiet.exit()).isEqualTo(ExitStatus.INTERNAL);
    assertThat(quiet.err())
        .contains("a defect of Heed")
        .contains("--debug")
        .doesNotContain("\tat ");
    CommandRun loud = endWith(new IllegalStateException("impossible"), "--debug");
    assertThat(loud.exit()).isEqualTo(ExitStatus.INTERNAL);
    assertThat(loud.err()).contains("\tat ");
  }

  @TestFactory
  Stream<DynamicTest> every_command_documents_itself() {
    Map<String, CommandLine> commands = Heed.commandLine().getSubcommands();
    return commands.entrySet().stream()
        .map(command ->
            DynamicTest.dynamicTest(
                command.getKey(),
                () -> {
                  CommandRun run = CommandRun.heed(command.getKey(), "--help");
                  assertThat(run.exit()).isEqualTo(ExitStatus.OK);
                  assertThat(run.out())
                      .contains("Example")
                      .contains("--json")
                      .contains("--threads");
                }));
  }
}
