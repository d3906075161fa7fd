package dev.heed.site;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the site: an HTML page for each Markdown page of the project, the files that they show,
 * and an index that the pages search in the browser. Everything is in the folder: nothing is
 * fetched from elsewhere.
 */
public final class Site {
  private static final List<String> ROOT =
      List.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md");
  private static final List<String> STATIC = List.of("site.css", "site.js");

  private final Path project;
  private final Map<String, SitePage> pages;

  private Site(Path project, Map<String, SitePage> pages) {
    this.project = project;
    this.pages = pages;
  }

  /**
   * Writes the site of a project.
   *
   * @param arguments the project's folder and the folder to write to
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      throw new IllegalArgumentException(
          "expected the project's folder and the folder to write to, got " + arguments.length);
    }
    Path to = Path.of(arguments[1]);
    int count = of(Path.of(arguments[0])).write(to);
    System.out.println("site: " + count + " pages in " + to);
  }

  /**
   * Reads the pages of a project.
   *
   * @throws IllegalArgumentException naming every link that leads nowhere
   */
  static Site of(Path project) throws IOException {
    Path root = project.toAbsolutePath().normalize();
    Map<String, SitePage> pages = new TreeMap<>();
    for (String name : ROOT) {
      pages.put(name, SitePage.read(root, name));
    }
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".md")).toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        pages.put(name, SitePage.read(root, name));
      }
    }
    addLinked(root, pages);
    List<String> broken = new ArrayList<>();
    pages.values().forEach(page -> broken.addAll(page.brokenLinks(root, pages)));
    if (!broken.isEmpty()) {
      throw new IllegalArgumentException(
          "links: expected a page, a heading or a file, got\n  " + String.join("\n  ", broken));
    }
    return new Site(root, pages);
  }

  /** Pages that stand elsewhere in the project are the site's too, once another one links them. */
  private static void addLinked(Path root, Map<String, SitePage> pages) throws IOException {
    Deque<SitePage> unread = new ArrayDeque<>(pages.values());
    while (!unread.isEmpty()) {
      for (String linked : unread.remove().linkedPages()) {
        if (!pages.containsKey(linked) && Files.isRegularFile(root.resolve(linked))) {
          SitePage page = SitePage.read(root, linked);
          pages.put(linked, page);
          unread.add(page);
        }
      }
    }
  }

  /** Its pages by their path in the project. */
  Map<String, SitePage> pages() {
    return pages;
  }

  /**
   * Writes it.
   *
   * @param to a folder, made if it is not there; what else it holds stays
   * @return how many pages it has
   */
  int write(Path to) throws IOException {
    Template template = Mustache.compiler().compile(resource("page.html"));
    for (SitePage page : pages.values()) {
      Path file = to.resolve(page.target());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, template.execute(values(page)));
      for (String linked : page.files()) {
        Path copy = to.resolve(linked);
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.copy(project.resolve(linked), copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    for (String name : STATIC) {
      Files.writeString(to.resolve(name), resource(name));
    }
    Files.writeString(to.resolve("search.json"), JsonMapper.shared().writeValueAsString(index()));
    return pages.size();
  }

  private Map<String, Object> values(SitePage page) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("title", page.title());
    values.put("body", page.html());
    values.put("root", page.root());
    values.put("guides", menu(page, "docs/", false));
    values.put("mechanisms", menu(page, "docs/mechanisms/", true));
    values.put("decisions", menu(page, "docs/adr/", true));
    values.put("project", menu(page, "", false));
    return values;
  }

  private List<Map<String, Object>> menu(SitePage from, String folder, boolean deep) {
    return pages.values().stream()
        .filter(page -> page.name().startsWith(folder))
        .filter(page -> deep || page.name().indexOf('/', folder.length()) < 0)
        .sorted(Comparator.comparing(page -> !page.name().endsWith("README.md")))
        .map(page ->
            Map.<String, Object>of(
                "title",
                page.title(),
                "address",
                from.root() + page.target(),
                "here",
                page == from))
        .toList();
  }

  private List<Map<String, String>> index() {
    return pages.values().stream()
        .flatMap(page ->
            page.sections().stream()
                .map(section ->
                    Map.of(
                        "address",
                        page.target() + (section.anchor().isEmpty() ? "" : "#" + section.anchor()),
                        "page",
                        page.title(),
                        "heading",
                        section.heading(),
                        "text",
                        section.text())))
        .toList();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
