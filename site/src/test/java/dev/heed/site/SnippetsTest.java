package dev.heed.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Java that a page shows stands in a sample, or in a method that a test runs, so that it is
 * compiled and run. {@code SamplesTest} of heed-core runs every sample.
 */
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

  /** Where a snippet may stand, with the words of the whole file. */
  private static Map<Path, String> sources() throws IOException {
    List<Path> sources = new ArrayList<>(files(ROOT.resolve("docs/samples"), "\\.java"));
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          sources.addAll(files(tests, "Test\\.java")); // what Surefire runs
        }
      }
    }
    Map<Path, String> texts = new LinkedHashMap<>();
    for (Path source : sources) {
      texts.put(source, words(Files.readString(source)));
    }
    return texts;
  }

  /**
   * The text without line breaks, spaces and lines that are not on the page; tests write to a
   * {@code console} of theirs, and read files of the page {@code under} a folder of theirs.
   */
  private static String words(String text) {
    return text.lines()
        .filter(line -> !line.endsWith("// not on the page"))
        .map(String::strip)
        .collect(Collectors.joining())
        .replace(" ", "")
        .replace("console.", "System.out.")
        .replaceAll("under\\((\"[^\"]*\")\\)", "$1");
  }

  /** Whether a file that has these words has them where they run. */
  private static boolean runs(Path source, String words) throws IOException {
    if (source.startsWith(ROOT.resolve("docs"))) {
      return true;
    }
    return TestSource.running(source).stream().anyMatch(method -> words(method).contains(words));
  }

  @Test
  void every_piece_of_java_on_a_page_is_compiled_and_run() throws IOException {
    List<Path> pages = new ArrayList<>(files(ROOT.resolve("docs"), "\\.md"));
    pages.add(ROOT.resolve("README.md"));
    Map<Path, String> sources = sources();
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (Path page : pages) {
      String text = Files.readString(page);
      for (Pattern kind : List.of(FENCED, EXAMPLE)) {
        for (Matcher snippet = kind.matcher(text); snippet.find(); found++) {
          String words = words(snippet.group(1));
          boolean runs = false;
          for (Map.Entry<Path, String> source : sources.entrySet()) {
            runs |= source.getValue().contains(words) && runs(source.getKey(), words);
          }
          if (!runs) {
            missing.add(page + ":\n" + snippet.group(1));
          }
        }
      }
    }
    assertThat(missing).as("Java of pages that no test and no sample runs").isEmpty();
    assertThat(found).isGreaterThan(30);
  }

  @Test
  void what_no_test_calls_is_not_taken_for_run(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("SomeTest.java");
    Files.writeString(
        file,
        """
        class SomeTest {
          @Test void first() { helper(); list.forEach(this::one); }
          @Disabled @Test void second() { off(); }
          void helper() { deeper(1); }
          void deeper(int number) { }
          void one(int number) { }
          void off() { }
          void idle() { first(); }
          @Disabled @Nested class Inner { @Test void inner() { } }
          @Nested class Other { @Test void other() { } }
        }
        """);
    assertThat(TestSource.running(file))
        .map(method -> method.replaceFirst("(?s).*?(\\w+)\\(.*", "$1"))
        .containsExactlyInAnyOrder("first", "helper", "deeper", "one", "other");
  }
}
