package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The examples of the README and of docs/from-zero.md, compiled: their lines are those between two
 * marks.
 */
@Tag("integration")
class ReadmeExampleTest {

  private static void example(PrintStream console) {
    // example
    try (AttentionCapture encoder = AttentionCapture.open(ModelFiles.embedded())) {
      AttentionMap map =
          encoder.read("The animal didn't cross the street because it was too tired.");
      int it = map.texts().indexOf("it");
      int animal = map.texts().indexOf("animal");
      console.println(map.row(3, 1, it)[animal]); // layer 3, head 1: 0.677
    }
    // end
  }

  private static void vectors(PrintStream console) {
    // vectors
    try (Embedder embedder = Embedder.open()) {
      float[] question = embedder.embed("Where can I park?");
      float[] answer = embedder.embed("Parking is free on Sundays.");
      console.println(Embedder.similarity(question, answer)); // 0.521
    }
    // end
  }

  @Test
  void print_what_they_say() {
    assertThat(printed(ReadmeExampleTest::example)).startsWith("0.676");
    assertThat(printed(ReadmeExampleTest::vectors)).startsWith("0.520");
  }

  private static String printed(Consumer<PrintStream> example) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    example.accept(new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void the_readme_and_the_guide_show_these_lines() throws Exception {
    String readme = Files.readString(Path.of("..", "README.md"));
    int second = readme.indexOf("```java", readme.indexOf("```java") + 1);
    assertThat(words(readme, "```java", "```")).isEqualTo(here("// example"));
    assertThat(words(readme.substring(second), "```java", "```")).isEqualTo(here("// vectors"));
    String guide = Files.readString(Path.of("..", "docs", "from-zero.md"));
    assertThat(words(guide, "```java", "```")).isEqualTo(here("// vectors"));
  }

  private static String here(String mark) throws Exception {
    return words(source(), mark + "\n", "// end").replace("console.", "System.out.");
  }

  private static String source() throws Exception {
    return Files.readString(
        Path.of("src", "test", "java", "dev", "heed", "explain", "ReadmeExampleTest.java"));
  }

  /** What stands between two marks, without line breaks and indentation. */
  private static String words(String text, String from, String to) {
    int start = text.indexOf(from) + from.length();
    List<String> lines = text.substring(start, text.indexOf(to, start)).lines().toList();
    return lines.stream().map(String::strip).reduce("", String::concat).replace(" ", "");
  }
}
