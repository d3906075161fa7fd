package dev.heed.cli.mechanisms;

import java.util.LinkedHashMap;
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
  private static final Pattern TITLE = Pattern.compile("(?m)^# (.+)$");
  private static final Pattern PART =
      Pattern.compile("(?ms)^\\*\\*([^*]+?)\\.\\*\\*\\s+(.*?)(?=\\n\\s*\\n\\*\\*|\\z)");

  static Page parse(String name, String text) {
    Matcher heading = TITLE.matcher(text);
    SequencedMap<String, String> parts = new LinkedHashMap<>();
    Matcher part = PART.matcher(text);
    while (part.find()) {
      parts.put(part.group(1), part.group(2).strip());
    }
    return new Page(name, heading.find() ? heading.group(1) : name, parts);
  }

  /** The part's text in one line without Markdown's signs; empty if there is no such part. */
  String line(String part) {
    String text = parts.getOrDefault(part, "");
    return text.replaceAll("\\s+", " ").replace("`", "");
  }

  /** The first sentence of a part. */
  String firstSentence(String part) {
    String line = line(part);
    Matcher end = Pattern.compile("[.;:](?= |$)").matcher(line);
    return end.find() ? line.substring(0, end.start()) : line;
  }

  /** All parts in one line each. */
  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    parts.keySet().forEach(part -> lines.put(part, line(part)));
    return lines;
  }
}
