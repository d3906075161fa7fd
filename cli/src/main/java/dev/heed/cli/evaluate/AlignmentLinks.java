package dev.heed.cli.evaluate;

import dev.heed.evaluate.AlignmentScore;
import dev.heed.evaluate.AlignmentScore.Link;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The links of one sentence, written as {@code 0-1} for sure and {@code 0p1} for possible ones.
 *
 * @param sure those that must be found
 * @param possible those that may be
 */
record AlignmentLinks(Set<Link> sure, Set<Link> possible) {
  private static final Pattern LINK = Pattern.compile("([0-9]{1,9})([-p?])([0-9]{1,9})");

  /** Reads a line; null for one of another form. */
  static @Nullable AlignmentLinks of(String line) {
    AlignmentLinks links = new AlignmentLinks(new HashSet<>(), new HashSet<>());
    for (String text : line.strip().split("\\s+")) {
      Matcher matcher = LINK.matcher(text);
      if (!text.isEmpty() && !matcher.matches()) {
        return null;
      }
      if (!text.isEmpty()) {
        Link link =
            new Link(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(3)));
        (text.contains("-") ? links.sure : links.possible).add(link);
      }
    }
    return links;
  }

  /** How well links were found. */
  AlignmentScore score(Set<Link> found) {
    return AlignmentScore.of(found, sure, possible);
  }

  /** Sure links in order. */
  static String text(Set<Link> links) {
    return links.stream()
        .sorted(Comparator.comparingInt(Link::target).thenComparingInt(Link::source))
        .map(link -> link.source() + "-" + link.target())
        .collect(Collectors.joining(" "));
  }
}
