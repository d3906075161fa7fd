package dev.heed.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lines of Maven that the project's pages show can be run from a fresh clone: their modules,
 * profiles, tests and properties exist, and what a module needs is built with it.
 */
@Tag("integration")
class PageBuildsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINE =
      Pattern.compile("(?m)(?:`|^ {4})mvn ((?:[^`\n\\\\]|\\\\\n)+)");
  private static final Pattern SCRIPT = Pattern.compile("(?<![\\w./])\\.ci/([a-z]+)");
  private static final Pattern NEEDS =
      Pattern.compile("<groupId>dev\\.heed</groupId>\\s*<artifactId>heed-");

  /** Where profiles are. */
  private static List<String> poms() throws IOException {
    return List.of(
        Files.readString(ROOT.resolve("pom.xml")), Files.readString(ROOT.resolve("core/pom.xml")));
  }

  private static List<String> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String name : List.of("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")) {
      pages.add(ROOT.resolve(name));
    }
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
    }
    List<String> texts = new ArrayList<>();
    for (Path page : pages) {
      texts.add(Files.readString(page));
    }
    return texts;
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList();
    }
  }

  /** The texts of some modules' poms and Java, by file. */
  private static Map<Path, String> texts(List<Path> modules) throws IOException {
    Map<Path, String> texts = new TreeMap<>();
    for (Path module : modules) {
      Path sources = module.resolve("src");
      if (Files.isDirectory(sources)) {
        try (Stream<Path> all = Files.walk(sources)) {
          for (Path file : all.filter(file -> file.toString().endsWith(".java")).toList()) {
            texts.put(file, Files.readString(file));
          }
        }
      }
      texts.put(module.resolve("pom.xml"), Files.readString(module.resolve("pom.xml")));
    }
    return texts;
  }

  private static List<String> values(String line, String option) {
    return Pattern.compile("(?<= |^)" + option + "[ =]?'?([^ ']+)")
        .matcher(line)
        .results()
        .flatMap(found -> Stream.of(found.group(1).split(",")))
        .toList();
  }

  /** What is wrong with a line, which is without {@code mvn}. */
  private static List<String> wrong(String line) throws IOException {
    List<String> wrong = new ArrayList<>();
    List<Path> modules = modules();
    List<Path> named = new ArrayList<>();
    for (String name : values(line, "-pl")) {
      if (modules.contains(ROOT.resolve(name))) {
        named.add(ROOT.resolve(name));
      } else {
        wrong.add("no module " + name);
      }
    }
    for (String profile : values(line, "-P")) {
      if (poms().stream().noneMatch(pom -> pom.contains("<id>" + profile + "</id>"))) {
        wrong.add("no profile " + profile);
      }
    }
    boolean along = line.matches(".*(^| )-am( |$).*");
    if (along && line.contains("-Dtest=") && !line.contains("surefire.failIfNoSpecifiedTests")) {
      wrong.add("-am with -Dtest ends in the first module without such a test");
    }
    for (Path module : named) {
      if (!along && NEEDS.matcher(Files.readString(module.resolve("pom.xml"))).find()) {
        wrong.add(module.getFileName() + " needs modules that are not built: no -am");
      }
    }
    wrong.addAll(missing(line, named.isEmpty() ? modules : named));
    return wrong;
  }

  /** Tests and properties of a line that these modules have not. */
  private static List<String> missing(String line, List<Path> modules) throws IOException {
    List<String> tests = values(line, "-Dtest");
    List<String> properties = values(line, "-D(?=heed\\.)");
    if (tests.isEmpty() && properties.isEmpty()) {
      return List.of();
    }
    Map<Path, String> texts = texts(modules);
    List<String> missing = new ArrayList<>();
    for (String test : tests) {
      String file = test.replace("*", "[^/]*") + "\\.java";
      if (texts.keySet().stream().noneMatch(path -> path.getFileName().toString().matches(file))) {
        missing.add("no test " + test);
      }
    }
    for (String property : properties) {
      String name = property.replaceFirst("=.*", "");
      if (texts.values().stream().noneMatch(text -> text.contains(name))) {
        missing.add("nothing reads " + name);
      }
    }
    return missing;
  }

  @Test
  void every_line_of_maven_on_a_page_can_be_run_from_a_clone() throws IOException {
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (String page : pages()) {
      for (Matcher line = LINE.matcher(page); line.find(); found++) {
        String whole = line.group(1).replace("\\\n", " ").strip();
        wrong(whole).forEach(why -> wrong.add("mvn " + whole + ": " + why));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(found).isGreaterThan(15);
  }

  @Test
  void every_script_that_a_page_names_is_there() throws IOException {
    List<String> scripts =
        pages().stream()
            .flatMap(page -> SCRIPT.matcher(page).results().map(found -> found.group(1)))
            .toList();
    assertThat(scripts).hasSizeGreaterThan(5);
    for (String script : scripts) {
      assertThat(ROOT.resolve(".ci").resolve(script)).isExecutable();
    }
  }

  @Test
  void what_cannot_be_run_is_found() throws IOException {
    String never = "heed." + "never"; // in two, or this file would have it
    assertThat(wrong("-Pnone -pl nowhere test -D" + never + "=1"))
        .containsExactly("no module nowhere", "no profile none", "nothing reads " + never);
    assertThat(wrong("-pl server test -Dtest=LoadTest"))
        .containsExactly("server needs modules that are not built: no -am");
    assertThat(wrong("-pl server -am test -Dtest=NoSuchTest"))
        .containsExactly(
            "-am with -Dtest ends in the first module without such a test", "no test NoSuchTest");
    assertThat(wrong("-Pfast -pl core test -Dtest='Mask*'")).isEmpty();
  }
}
