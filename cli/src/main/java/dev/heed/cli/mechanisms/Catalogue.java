package dev.heed.cli.mechanisms;

import dev.heed.cli.UsageException;
import dev.heed.nn.ClosestNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;

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

  /**
   * The pages that words mean, in the order of the list: those whose name, title or other names
   * hold all of them, in any case and however they are joined, else those whose text does.
   */
  static List<Page> search(List<String> words) {
    List<Page> named = holding(words, Page::names);
    return named.isEmpty() ? holding(words, Page::text) : named;
  }

  /** The pages that one name means: the one that is called so, else those that hold it. */
  static List<Page> called(String name) {
    String wanted = folded(name);
    List<Page> exact =
        pages().stream()
            .filter(
                page -> page.eachName().stream().map(Catalogue::folded).anyMatch(wanted::equals))
            .toList();
    return exact.isEmpty() && !wanted.isEmpty() ? holding(List.of(name), Page::names) : exact;
  }

  /** The error for a name that nothing has, with the closest ones. */
  static UsageException unknown(String name) {
    List<String> close = ClosestNames.to(name, names());
    return new UsageException(
        "no mechanism is called "
            + name
            + (close.isEmpty()
                ? "; `heed mechanisms` lists them"
                : "; did you mean " + String.join(" or ", close) + "?"));
  }

  private static List<Page> holding(List<String> words, Function<Page, String> where) {
    List<String> wanted = words.stream().map(Catalogue::folded).toList();
    return pages().stream()
        .filter(page -> {
          String text = folded(where.apply(page));
          return wanted.stream().allMatch(text::contains);
        })
        .toList();
  }

  /** Without case, accents, spaces and signs: how people write a name differs in these. */
  private static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKD)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}+]", "");
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
