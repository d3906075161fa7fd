package dev.heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.task.TinyFolder;
import dev.heed.fixture.OtherJvm;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

/**
 * Every command that writes files, where the operating system takes none of their bytes: it says
 * so, ends as documented, and leaves no half-written file.
 */
@Tag("integration")
@EnabledOnOs({OS.LINUX, OS.MAC})
class FullDiskTest {
  /** What a model's folder is made of, and what is on its way into one. */
  private static final String FINISHED = ".*\\.(json|safetensors|part|staged)";

  private static final String IMAGE = "../pictures/src/test/resources/vision/rgb.png";

  @TempDir Path folder;

  /** The commands of a file, a line each, in a process whose files may not grow. */
  static final class Commands {
    private Commands() {}

    /** Prints each command's number, exit code and first error, in a line. */
    public static void main(String[] arguments) throws IOException {
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      int number = 0;
      for (String line : Files.readAllLines(Path.of(arguments[0]))) {
        CommandRun run = CommandRun.heed(line.split("\t"));
        out.println(
            "command " + number++ + ": " + run.exit() + " " + run.err().replaceAll("\\R", " | "));
      }
    }
  }

  private final List<String> commands = new ArrayList<>();
  private Path out = Path.of("");

  private void add(String... words) {
    commands.add(String.join("\t", words));
  }

  private String file(String name) {
    return out.resolve(name).toString();
  }

  private String model(String name, String words) throws IOException {
    return TinyFolder.write(folder.resolve(name), name, words, Map.of());
  }

  @Test
  void every_command_says_so_and_leaves_nothing_half_written() throws Exception {
    out = Files.createDirectory(folder.resolve("full"));
    String classes = model("bert-classify", "bert");
    String writer = model("gpt2", "gpt");
    Files.writeString(folder.resolve("gpt2/chat_template.jinja"), "{{ messages[0].content }}");
    String bert = model("bert", "bert");
    String detector = "../core/src/test/resources/golden/models/detr";
    String series = "../core/src/test/resources/golden/models/patchtst";
    StringBuilder rows = new StringBuilder("a,b,c\n");
    for (int i = 0; i < 60; i++) {
      rows.append(i % 7).append(',').append(i % 5).append(',').append(i % 3).append('\n');
    }
    String table = Files.writeString(folder.resolve("s.csv"), rows).toString();
    String data =
        Files.writeString(folder.resolve("d.tsv"), "label\ttext\n0\tthe cat\n1\ta dog\n0\tit ran\n")
            .toString();
    String text = Files.writeString(folder.resolve("t.txt"), "low lower lowest\n").toString();
    for (String kind : List.of(".html", ".png")) {
      add("classify", "--model", classes, "--attention", file("a" + kind), "the cat");
      add("look", "--model", bert, "--" + kind.substring(1), file("l" + kind), "the cat sat");
      add("forecast", "--model", series, table, "--plot", file("p" + kind));
      add("forecast", "--model", series, table, "--attention", file("w" + kind));
    }
    add(
        "generate",
        "--model",
        writer,
        "--max-new-tokens",
        "3",
        "--attention",
        file("g.html"),
        "the");
    add("chat", "--model", writer, "--max-new-tokens", "3", "--attention", file("c.html"), "the");
    add("see", "--model", detector, "--png", file("s.png"), IMAGE);
    add("evaluate", "classify", data, "--model", classes, "--items", file("i.jsonl"));
    add("mechanisms", "show", "alibi", "--png", file("m.png"));
    add("mechanisms", "show", "alibi", "--html", file("m.html"));
    add("convert", bert, file("m.gguf"), "--leave-out", ".*(cls|pooler)\\..*");
    add("convert", bert, file("folder"));
    add("vocabulary", text, "--size", "260", "--out", file("vocabulary"));
    add(
        "finetune",
        "--model",
        bert,
        "--task",
        "classify",
        "--train",
        data,
        "--updates",
        "2",
        "--out",
        file("learned"));
    Path list = Files.write(folder.resolve("commands"), commands);
    Process process =
        OtherJvm.start(
            List.of("sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"),
            Commands.class,
            List.of("-XX:-UsePerfData", "-Xshare:auto"),
            List.of(list.toString()));
    String said = OtherJvm.output(process);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < commands.size(); i++) {
      assertThat(said)
          .as(commands.get(i))
          .containsPattern(
              "command " + i + ": " + ExitStatus.BAD_INPUT + " .*(too large|free space)");
    }
    try (Stream<Path> left = Files.walk(out)) {
      // what a training logs grows line by line, and is there to be gone on with
      Path logs = out.resolve("learned");
      assertThat(left.filter(Files::isRegularFile))
          .allMatch(file -> file.startsWith(logs) && !file.toString().matches(FINISHED));
    }
  }
}
