package dev.heed.cli.mechanisms;

import dev.heed.explain.TextWidth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One mechanism's page: a title, then paragraphs that begin with their name in bold.
 *
 * @param name of the file, without its ending
 * @param title the heading
 * @param parts the paragraphs' text by their name: Idea, Formula, Cost, …
 */
record Page(String name, String title, SequencedMap<String, String> parts) {
  private static final String OTHER_NAMES = "Other names";
  private static final Pattern TITLE = Pattern.compile("(?m)^# (.+)$");
  private static final Pattern PART =
      Pattern.compile(
          "(?ms)^\\*\\*([^*]+?)\\.\\*\\*(?:[ \\t]+|\\s*\\n(?=    ))(.*?)(?=\\n\\s*\\n\\*\\*|\\z)");
  private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
  private static final Pattern EMPHASIS = Pattern.compile("(?<!\\w)\\*([^*\\s][^*]*)\\*(?!\\w)");
  private static final Pattern SENTENCE = Pattern.compile("[.;:](?= |$)");

  static Page parse(String name, String text) {
    Matcher heading = TITLE.matcher(text);
    SequencedMap<String, String> parts = new LinkedHashMap<>();
    Matcher part = PART.matcher(text);
    while (part.find()) {
      parts.put(part.group(1), part.group(2).stripTrailing());
    }
    return new Page(name, heading.find() ? heading.group(1) : name, parts);
  }

  /** Its name, its title and each of its other names. */
  List<String> eachName() {
    List<String> names = new ArrayList<>(List.of(name, title));
    for (String other : line(OTHER_NAMES).split("[,.]\\s*")) {
      if (!other.isBlank()) {
        names.add(other);
      }
    }
    return names;
  }

  /** All its names. */
  String names() {
    return String.join("\n", eachName());
  }

  /** All that it says. */
  String text() {
    return names() + "\n" + String.join("\n", lines().values());
  }

  /** The part's text in one line without Markdown's signs; empty if there is no such part. */
  String line(String part) {
    return plain(parts.getOrDefault(part, "")).replaceAll("\\s+", " ").strip();
  }

  /** The part's text for a terminal: paragraphs wrapped, lines of formulas as they stand. */
  String wrapped(String part, int width) {
    StringBuilder out = new StringBuilder();
    StringBuilder paragraph = new StringBuilder();
    for (String line : plain(parts.getOrDefault(part, "")).split("\n", -1)) {
      if (line.startsWith("    ") || line.isBlank()) {
        flush(paragraph, width, out);
        out.append(line.isBlank() ? "" : line.stripTrailing()).append(System.lineSeparator());
      } else {
        paragraph.append(line.strip()).append(' ');
      }
    }
    flush(paragraph, width, out);
    return out.toString().stripTrailing();
  }

  private static void flush(StringBuilder paragraph, int width, StringBuilder out) {
    if (paragraph.isEmpty()) {
      return;
    }
    List<String> words = List.of(paragraph.toString().strip().split(" "));
    TextWidth.wrap(words, width - 2)
        .forEach(line -> out.append("  ").append(line).append(System.lineSeparator()));
    paragraph.setLength(0);
  }

  private static String plain(String text) {
    String bare = LINK.matcher(text).replaceAll("$1").replace("`", "").replace("**", "");
    return EMPHASIS.matcher(bare).replaceAll("$1");
  }

  /** The first sentence of a part. */
  String firstSentence(String part) {
    String line = line(part);
    Matcher end = SENTENCE.matcher(line);
    return end.find() ? line.substring(0, end.start()) : line;
  }

  /** All parts as paragraphs: lines that only wrapped are joined, formulas stay as they stand. */
  Map<String, String> paragraphs() {
    Map<String, String> paragraphs = new LinkedHashMap<>();
    parts
        .keySet()
        .forEach(part ->
            paragraphs.put(part, wrapped(part, Integer.MAX_VALUE).replaceAll("(?m)^  (?! )", "")));
    return paragraphs;
  }

  /** All parts in one line each. */
  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    parts.keySet().forEach(part -> lines.put(part, line(part)));
    return lines;
  }
}
