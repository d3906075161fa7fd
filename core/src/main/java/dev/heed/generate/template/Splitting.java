package dev.heed.generate.template;

import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Cuts a text apart. */
final class Splitting {
  private final Budget budget;
  private final String text;

  Splitting(Budget budget, String text) {
    this.budget = budget;
    this.text = text;
  }

  Function<Arguments, Value> method(String name) {
    return switch (name) {
      case "splitlines" -> arguments -> TextMethods.list(lines(arguments.flag("keepends", false)));
      case "partition" -> arguments -> partition(arguments, false);
      case "rpartition" -> arguments -> partition(arguments, true);
      default -> arguments -> split(arguments, name.equals("rsplit"));
    };
  }

  private Value split(Arguments arguments, boolean right) {
    Value separator = arguments.take("sep", Value.NONE);
    long most = arguments.integer("maxsplit", -1);
    long cuts = most < 0 ? Long.MAX_VALUE : most;
    budget.make(text.length());
    if (separator instanceof None) {
      return TextMethods.list(right ? wordsFromRight(cuts) : words(cuts));
    }
    String between = Types.text("sep", separator);
    if (between.isEmpty()) {
      throw TemplateException.value("empty separator");
    }
    return TextMethods.list(right ? fromRight(between, cuts) : fromLeft(between, cuts));
  }

  private List<String> fromLeft(String between, long cuts) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(between);
        at >= 0 && parts.size() < cuts;
        at = text.indexOf(between, from)) {
      parts.add(text.substring(from, at));
      from = at + between.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private List<String> fromRight(String between, long cuts) {
    List<String> parts = new ArrayList<>();
    int end = text.length();
    while (parts.size() < cuts) {
      int at = text.lastIndexOf(between, end - between.length());
      if (at < 0 || end < between.length()) {
        break;
      }
      parts.add(text.substring(at + between.length(), end));
      end = at;
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  /** Words between white space. */
  List<String> words(long cuts) {
    List<String> words = new ArrayList<>();
    int at = space(0);
    while (at < text.length()) {
      if (words.size() >= cuts) {
        words.add(text.substring(at));
        return words;
      }
      int end = at;
      while (end < text.length() && !Characters.isSpace(text.charAt(end))) {
        end++;
      }
      words.add(text.substring(at, end));
      at = space(end);
    }
    return words;
  }

  private int space(int from) {
    int at = from;
    while (at < text.length() && Characters.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private List<String> wordsFromRight(long cuts) {
    List<String> words = new ArrayList<>();
    int end = text.length();
    while (true) {
      while (end > 0 && Characters.isSpace(text.charAt(end - 1))) {
        end--;
      }
      if (end == 0) {
        break;
      }
      if (words.size() >= cuts) {
        words.add(text.substring(0, end));
        break;
      }
      int start = end;
      while (start > 0 && !Characters.isSpace(text.charAt(start - 1))) {
        start--;
      }
      words.add(text.substring(start, end));
      end = start;
    }
    Collections.reverse(words);
    return words;
  }

  /** Lines, with or without what ends them. */
  List<String> lines(boolean keepEnds) {
    budget.make(text.length());
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Characters.isLineEnd(text.charAt(i))) {
        int end = text.startsWith("\r\n", i) ? i + 2 : i + 1;
        lines.add(text.substring(from, keepEnds ? end : i));
        from = end;
        i = end - 1;
      }
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  private Value partition(Arguments arguments, boolean right) {
    String between = Types.text("sep", arguments.required("sep"));
    if (between.isEmpty()) {
      throw TemplateException.value("empty separator");
    }
    budget.make(text.length());
    int at = right ? text.lastIndexOf(between) : text.indexOf(between);
    if (at < 0) {
      return right
          ? Items.tuple(Text.EMPTY, Text.EMPTY, new Text(text))
          : Items.tuple(new Text(text), Text.EMPTY, Text.EMPTY);
    }
    return Items.tuple(
        new Text(text.substring(0, at)),
        new Text(between),
        new Text(text.substring(at + between.length())));
  }
}
