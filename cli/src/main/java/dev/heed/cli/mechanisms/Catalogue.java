package dev.heed.cli.mechanisms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** The pages of {@code docs/mechanisms}, which the build puts beside this class with their list. */
final class Catalogue {
  private static final String LIST = "pages/index.txt";
  private static final String THEME = "## ";

  private Catalogue() {}

  /** All pages by their themes, both in the order of the list. */
  static SequencedMap<String, List<Page>> themes() {
    SequencedMap<String, List<Page>> themes = new LinkedHashMap<>();
    String theme = "Other";
    for (String line : read(LIST).lines().map(String::strip).toList()) {
      if (line.startsWith(THEME)) {
        theme = line.substring(THEME.length());
      } else if (!line.isEmpty()) {
        themes.computeIfAbsent(theme, name -> new ArrayList<>()).add(page(line));
      }
    }
    return themes;
  }

  /** All pages, in the order of the list. */
  static List<Page> pages() {
    return themes().values().stream().flatMap(List::stream).toList();
  }

  /** All names, in the order of the list. */
  static List<String> names() {
    return pages().stream().map(Page::name).toList();
  }

  /** The page of this name. */
  static Optional<Page> find(String name) {
    return pages().stream().filter(page -> page.name().equals(name)).findFirst();
  }

  private static Page page(String name) {
    return Page.parse(name, read("pages/" + name + ".md"));
  }

  private static String read(String resource) {
    try (InputStream in = Catalogue.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
