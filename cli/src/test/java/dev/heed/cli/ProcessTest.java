package dev.heed.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.task.TinyFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes, as a shell starts them: streams and the locale are the operating system's. */
@Tag("integration")
@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessTest {
  private static final String TEXT = "\"$(printf 'Stra\\303\\237e')\"";

  /**
   * A shell that starts heed.
   *
   * @param shell what follows the command, for example {@code mechanisms > /dev/full}
   */
  private static CommandRun run(String locale, String shell)
      throws IOException, InterruptedException {
    return run(locale, "", shell);
  }

  private static CommandRun run(String locale, String before, String shell)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of("sh", "-c"));
    command.add(before + " \"$JAVA\" -cp \"$CLASSES\" dev.heed.cli.Start " + shell);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA", java);
    builder.environment().put("CLASSES", System.getProperty("java.class.path"));
    builder.environment().put("LC_ALL", locale);
    File out = File.createTempFile("heed", "out");
    File err = File.createTempFile("heed", "err");
    try {
      Process process = builder.redirectOutput(out).redirectError(err).start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      return new CommandRun(process.exitValue(), read(out), read(err));
    } finally {
      assertThat(out.delete() && err.delete()).isTrue();
    }
  }

  private static String read(File file) throws IOException {
    return Files.readString(file.toPath(), UTF_8);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_full_disk_is_an_error() throws Exception {
    for (String command : List.of("mechanisms", "--help", "mechanisms --json", "--version")) {
      CommandRun run = run("C.UTF-8", command + " > /dev/full");
      assertThat(run.exit()).as(command).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(run.err()).contains("heed: standard output: No space left on device");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_picture_that_finds_the_disk_full_is_an_error(@TempDir Path folder) throws Exception {
    String model = TinyFolder.write(folder.resolve("model"), "bert-classify", "bert", Map.of());
    CommandRun run =
        run("C.UTF-8", "classify --model " + model + " --attention /dev/full 'the cat sat'");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).contains("NEUTRAL");
    assertThat(run.err()).contains("--attention: /dev/full: No space left on device");
  }

  @Test
  void being_told_to_end_leaves_no_half_written_file(@TempDir Path folder) throws Exception {
    String model = TinyFolder.write(folder.resolve("model"), "gpt2", "gpt", Map.of());
    Path data =
        Files.writeString(folder.resolve("data.txt"), "the cat sat on a tree\n".repeat(500_000));
    Path items = folder.resolve("items.jsonl");
    String command =
        "evaluate perplexity --batch 1 --model " + model + " --items " + items + " " + data;
    CommandRun run =
        run("C.UTF-8", "", command + " & heed=$!; sleep 4; kill -TERM $heed; wait $heed");
    assertThat(run.exit()).isEqualTo(128 + 15);
    assertThat(run.out()).isEmpty();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(folder.resolve("model"), data);
    }
  }

  @Test
  void a_closed_pipe_ends_it_without_a_word() throws Exception {
    CommandRun run = run("C.UTF-8", "mechanisms | true");
    assertThat(run.err()).isEmpty();
    CommandRun head = run("C.UTF-8", "mechanisms --json | { read -r line; echo \"$line\"; }");
    assertThat(head.out()).isEqualTo("[ {\n");
    assertThat(head.err()).isEmpty();
  }

  @Test
  void the_version_is_told_without_loading_the_parser() throws Exception {
    String logged = "JDK_JAVA_OPTIONS=-Xlog:class+load; export JDK_JAVA_OPTIONS; ";
    assertThat(run("C.UTF-8", logged, "--version").out())
        .contains("dev.heed.cli.Start ", "heed development")
        .doesNotContain("picocli");
    assertThat(run("C.UTF-8", logged, "--help").out()).contains("picocli.CommandLine ");
    assertThat(run("C.UTF-8", "-V").out()).isEqualTo("heed development\n");
  }

  @Test
  void a_dumb_terminal_gets_no_colours() throws Exception {
    String show = "mechanisms show s4";
    String colours = "JDK_JAVA_OPTIONS=-Dpicocli.ansi=true; export JDK_JAVA_OPTIONS; ";
    assertThat(run("C.UTF-8", colours + "TERM=xterm; export TERM;", show).out()).contains("\u001b");
    assertThat(run("C.UTF-8", colours + "TERM=dumb; export TERM;", show).out())
        .contains("S4")
        .doesNotContain("\u001b");
  }

  @Test
  void arguments_that_the_locale_lost_are_refused() throws Exception {
    CommandRun lost = run("C", "mechanisms show " + TEXT);
    assertThat(lost.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(lost.err()).contains("expected arguments in ", "set LC_ALL=C.UTF-8");
  }

  @Test
  void the_locale_that_the_launcher_sets_keeps_them() throws Exception {
    CommandRun kept = run("C.UTF-8", "mechanisms show " + TEXT);
    assertThat(kept.err()).contains("no mechanism is called Straße");
    CommandRun file = run("C.UTF-8", "inspect " + TEXT);
    assertThat(file.err()).contains("Straße");
  }
}
