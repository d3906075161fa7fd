package dev.heed.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Java that a page shows stands in a test or a sample of the project, so that it is compiled. */
@Tag("integration")
class SnippetsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern FENCED = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern EXAMPLE =
      Pattern.compile("\\*\\*Example\\.\\*\\*\n(.*?)\\*\\*Source\\.\\*\\*", Pattern.DOTALL);

  private static List<Path> files(Path from, String name) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      return all.filter(file -> file.toString().matches(".*" + name)).sorted().toList();
    }
  }

  private static List<String> compiled() throws IOException {
    List<Path> sources = new ArrayList<>(files(ROOT.resolve("docs/samples"), "\\.java"));
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          sources.addAll(files(tests, "\\.java"));
        }
      }
    }
    List<String> texts = new ArrayList<>();
    for (Path source : sources) {
      texts.add(words(Files.readString(source)).replace("console.", "System.out."));
    }
    return texts;
  }

  /** The text without line breaks, spaces and lines that are not on the page. */
  private static String words(String text) {
    return text.lines()
        .filter(line -> !line.endsWith("// not on the page"))
        .map(String::strip)
        .collect(Collectors.joining())
        .replace(" ", "");
  }

  @Test
  void every_piece_of_java_on_a_page_is_compiled() throws IOException {
    List<Path> pages = new ArrayList<>(files(ROOT.resolve("docs"), "\\.md"));
    pages.add(ROOT.resolve("README.md"));
    List<String> compiled = compiled();
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (Path page : pages) {
      String text = Files.readString(page);
      for (Pattern kind : List.of(FENCED, EXAMPLE)) {
        for (Matcher snippet = kind.matcher(text); snippet.find(); found++) {
          String words = words(snippet.group(1));
          if (compiled.stream().noneMatch(source -> source.contains(words))) {
            missing.add(page + ":\n" + snippet.group(1));
          }
        }
      }
    }
    assertThat(missing).as("Java of pages that no test and no sample has").isEmpty();
    assertThat(found).isGreaterThan(30);
  }
}
