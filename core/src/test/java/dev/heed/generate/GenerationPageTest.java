package dev.heed.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.generate.search.SearchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/generation.md runs, and its lines are those of the page. */
@Tag("integration")
class GenerationPageTest {
  @TempDir Path folder;

  @Test
  void the_example_writes() throws IOException {
    TinyWriter.write(folder);
    StringBuilder out = new StringBuilder();
    // example
    try (TextGenerator writer = TextGenerator.open(folder)) {
      SearchSettings settings =
          SearchSettings.of(writer.config().with("max_new_tokens", 8).with("stop_strings", "\n\n"))
              .withSeed(7);
      try (TextStream text = writer.stream("w5 w17", settings)) {
        while (text.hasNext()) {
          out.append(text.next());
        }
      }
    }
    // end
    assertThat(out.toString().strip().split(" ")).hasSize(8);
  }

  @Test
  void the_page_shows_these_lines() throws IOException {
    Path here =
        Path.of("src", "test", "java", "dev", "heed", "generate", "GenerationPageTest.java");
    Path page = Path.of("..", "docs", "generation.md");
    assertThat(words(Files.readString(page), "```java\n", "```"))
        .isNotEmpty()
        .isEqualTo(words(Files.readString(here), "// example\n", "// end"));
  }

  private static String words(String text, String from, String to) {
    int start = text.indexOf(from) + from.length();
    return text.substring(start, text.indexOf(to, start)).replaceAll("\\s+", "");
  }
}
