package dev.heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.task.TinyFolder;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands that ask a model, whose output ends in the middle: what they held is free again. */
@Tag("integration")
class BrokenOutputTest {
  @TempDir Path folder;

  /** Takes so many characters, then fails as the operating system does. */
  private static final class Broken extends Writer {
    private final String message;
    private int room;

    Broken(int room, String message) {
      this.room = room;
      this.message = message;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      room -= length;
      if (room < 0) {
        throw new IOException(message);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @TestFactory
  Stream<DynamicTest> every_task_lets_go_of_its_model() throws IOException {
    String lines =
        Files.writeString(folder.resolve("lines.txt"), "the cat sat\nit ran\n".repeat(30))
            .toString();
    String masks =
        Files.writeString(folder.resolve("masks.txt"), "the [MASK] sat\n".repeat(30)).toString();
    List<DynamicTest> tests = new ArrayList<>();
    add(tests, "classify", "bert-classify", "bert", "--file", lines);
    add(tests, "entities", "bert-ner", "bert", "--file", lines);
    add(tests, "answer", "bert-qa", "bert", "who ?", "--file", lines);
    add(tests, "fill", "bert", "bert", "--file", masks);
    add(tests, "next", "bert", "bert", "--pair", "it ran", "--file", lines);
    add(
        tests,
        "translate",
        "t5",
        "t5",
        "--from",
        "en",
        "--to",
        "fr",
        "--max-new-tokens",
        "3",
        "--file",
        lines);
    add(tests, "summarize", "bart", "bart", "--max-new-tokens", "3", "--file", lines);
    add(tests, "complete", "gpt2", "gpt", "--max-new-tokens", "3", "--file", lines);
    add(tests, "generate", "gpt2", "gpt", "--max-new-tokens", "3", "--file", lines);
    add(tests, "generate", "gpt2", "gpt", "--batch", "4", "--file", lines);
    add(tests, "generate", "gpt2", "gpt", "--max-new-tokens", "30", "the cat");
    return tests.stream();
  }

  private void add(
      List<DynamicTest> tests, String command, String model, String words, String... more)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(command, "--model"));
    all.add(TinyFolder.write(folder.resolve(model), model, words, Map.of()));
    all.addAll(List.of(more));
    tests.add(
        DynamicTest.dynamicTest(
            command + " " + String.join(" ", more).replace(folder.toString(), ""),
            () -> {
              check(all, "Broken pipe", "");
              check(all, "No space left on device", "heed: standard output: No space left");
            }));
  }

  private static void check(List<String> arguments, String failure, String said) {
    long before = TensorScope.liveHandles();
    StringWriter err = new StringWriter();
    CommandLine command =
        Heed.commandLine()
            .setOut(new PrintWriter(new StandardOutput(new Broken(20, failure)), true))
            .setErr(new PrintWriter(err, true))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    assertThat(command.execute(arguments.toArray(String[]::new)))
        .as(err.toString())
        .isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(err.toString()).startsWith(said);
    assertThat(said.isEmpty() && !err.toString().isEmpty()).isFalse();
    assertThat(TensorScope.liveHandles()).isEqualTo(before);
  }
}
