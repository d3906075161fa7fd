package dev.heed.cli.mechanisms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The pages of {@code docs/mechanisms}, which the build puts beside this class with their list. */
final class Catalogue {
  private static final String LIST = "pages/index.txt";

  private Catalogue() {}

  /** All pages, by name. */
  static List<Page> pages() {
    return read(LIST)
        .lines()
        .filter(line -> !line.isBlank())
        .sorted()
        .map(Catalogue::page)
        .toList();
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
