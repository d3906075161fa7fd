package dev.heed.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Tag("unit")
class OutputTest {

  private static String printed(String text) {
    StringWriter terminal = new StringWriter();
    new Output(new PrintWriter(terminal)).print(text);
    return terminal.toString();
  }

  @Test
  void what_commands_a_terminal_is_spelt_out() {
    assertThat(printed("\u001b]0;x\u0007")).isEqualTo("\\u001b]0;x\\u0007");
    assertThat(printed("\u009b31m")).isEqualTo("\\u009b31m");
    assertThat(printed("a\rb")).isEqualTo("a\\u000db");
    assertThat(printed("\u202Eabc")).isEqualTo("\\u202eabc");
    assertThat(printed("\uFEFFscore")).isEqualTo("\\ufeffscore");
    assertThat(printed("\uD83D")).isEqualTo("\\ud83d");
  }

  @Test
  void text_of_any_script_stays_as_it_is() {
    String text = "Straße\t日本 👩\u200D💻 \uE000\nنامه\u200Cها\r\n";
    assertThat(printed(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "tr-TR"})
  void numbers_look_the_same_in_every_locale(String locale) {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag(locale));
      StringWriter terminal = new StringWriter();
      new Output(new PrintWriter(terminal)).printf("%,d %.3f %5d", 1234567, 0.73, 1);
      assertThat(terminal.toString()).isEqualTo("1,234,567 0.730     1");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void only_styled_text_reaches_the_terminal_as_it_is() {
    StringWriter terminal = new StringWriter();
    Output out = new Output(new PrintWriter(terminal));
    out.print("a");
    out.styled("\u001b[1mb\u001b[0m");
    out.print("c");
    assertThat(terminal.toString()).isEqualTo("a\u001b[1mb\u001b[0mc");
  }

  /** A disk that is full after so many writes. */
  private static final class Disk extends Writer {
    private int left;
    private final String trouble;

    Disk(int room, String trouble) {
      this.left = room;
      this.trouble = trouble;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      if (left-- == 0) {
        throw new IOException(trouble);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void what_cannot_be_written_ends_the_work() {
    PrintWriter out =
        new Output(
            new PrintWriter(new StandardOutput(new Disk(4, "No space left on device")), true));
    out.println("fits: a line and its end are two writes");
    out.println("fits");
    assertThatThrownBy(() -> out.println("does not"))
        .hasMessage("standard output: No space left on device");
  }

  /** Prints for ever. */
  @Command(name = "forever")
  static final class Forever extends HeedCommand {
    @Parameters private String text = "";

    @Override
    protected int run() {
      while (true) {
        out().println(text);
      }
    }
  }

  private static CommandRun forever(String trouble) {
    StringWriter err = new StringWriter();
    int exit =
        Heed.commandLine()
            .addSubcommand(new Forever())
            .setOut(new PrintWriter(new StandardOutput(new Disk(99, trouble)), true))
            .setErr(new PrintWriter(err))
            .execute("forever", "x");
    return new CommandRun(exit, "", err.toString());
  }

  @Test
  void a_command_without_an_end_ends_on_a_full_disk() {
    CommandRun run = forever("No space left on device");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err().strip()).isEqualTo("heed: standard output: No space left on device");
  }

  @Test
  void a_reader_that_had_enough_hears_no_complaint() {
    CommandRun run = forever("Broken pipe");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void errors_are_escaped_too() {
    CommandRun run = CommandRun.heed("mechanisms", "show", "\u001b]0;owned\u0007");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("\\u001b]0;owned\\u0007").doesNotContain("\u001b");
  }
}
