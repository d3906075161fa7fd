package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The README's library example, compiled: its lines are those between the two marks. */
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

  @Test
  void prints_what_it_says() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    example(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("0.676");
  }

  @Test
  void the_readme_shows_these_lines() throws Exception {
    String here = words(source(), "// example", "// end").replace("console.", "System.out.");
    String readme = words(Files.readString(Path.of("..", "README.md")), "```java", "```");
    assertThat(readme).isEqualTo(here);
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
