package dev.heed.generate.template;

import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of texts. */
final class TextMethods {
  private final Environment environment;
  private final String text;

  TextMethods(Environment environment, String text) {
    this.environment = environment;
    this.text = text;
  }

  @Nullable Value find(String name) {
    Function<Arguments, Value> body =
        switch (name) {
          case "upper" -> plain(TextCase::upper);
          case "lower" -> plain(TextCase::lower);
          case "casefold" -> plain(whole -> TextCase.lower(TextCase.upper(whole)));
          case "title" -> plain(TextCase::title);
          case "capitalize" -> plain(TextCase::capitalize);
          case "swapcase" -> plain(TextCase::swap);
          case "strip" -> a -> text(Stripping.strip(text, characters(a), true, true));
          case "lstrip" -> a -> text(Stripping.strip(text, characters(a), true, false));
          case "rstrip" -> a -> text(Stripping.strip(text, characters(a), false, true));
          case "removeprefix" ->
              a -> {
                String prefix = Types.text("prefix", a.required("prefix"));
                return text(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
              };
          case "removesuffix" ->
              a -> {
                String end = Types.text("suffix", a.required("suffix"));
                return text(
                    !end.isEmpty() && text.endsWith(end)
                        ? text.substring(0, text.length() - end.length())
                        : text);
              };
          case "split", "rsplit", "splitlines", "partition", "rpartition" ->
              new Splitting(environment.budget(), text).method(name);
          case "join" -> this::join;
          case "replace" -> this::replace;
          case "startswith" -> a -> affix(a, true);
          case "endswith" -> a -> affix(a, false);
          case "find", "index", "rfind", "rindex" -> a -> index(name, a);
          case "count" -> this::count;
          case "zfill" -> this::zeroFilled;
          case "center", "ljust", "rjust" -> a -> justified(name, a);
          case "expandtabs" ->
              a -> replaced("\t", " ".repeat((int) Math.min(99, a.integer("tabsize", 8))), -1);
          case "format" ->
              a -> {
                List<Value> rest = a.rest();
                return text(new BraceFormat(environment, rest, a.restNamed()).format(text));
              };
          case "format_map" ->
              a -> {
                if (!(a.required("mapping") instanceof Dict dict)) {
                  throw TemplateException.value("format_map() expects a mapping");
                }
                return text(BraceFormat.ofMap(environment, dict).format(text));
              };
          default -> question(name);
        };
    return body == null ? null : new Native(name, body);
  }

  private @Nullable Function<Arguments, Value> question(String name) {
    return switch (name) {
      case "isdigit" -> all(Characters::isDigit);
      case "isdecimal" -> all(Characters::isDecimal);
      case "isnumeric" -> all(Characters::isNumeric);
      case "isalpha" -> all(Characters::isAlphabetic);
      case "isalnum" -> all(c -> Characters.isAlphabetic(c) || Characters.isNumeric(c));
      case "isspace" -> all(Characters::isSpace);
      case "isascii" -> a -> Bool.of(text.chars().allMatch(c -> c < 128));
      case "isprintable" -> a -> Bool.of(text.codePoints().allMatch(Characters::isPrintable));
      case "isidentifier" ->
          a ->
              Bool.of(
                  !text.isEmpty()
                      && Characters.isNameStart(text.codePointAt(0))
                      && text.codePoints().allMatch(Characters::isNamePart));
      case "islower" -> a -> Bool.of(TextCase.isLower(text));
      case "isupper" -> a -> Bool.of(TextCase.isUpper(text));
      case "istitle" -> a -> Bool.of(TextCase.isTitle(text));
      default -> null;
    };
  }

  private Function<Arguments, Value> all(IntPredicate which) {
    return a -> Bool.of(!text.isEmpty() && text.codePoints().allMatch(which));
  }

  private Function<Arguments, Value> plain(Function<String, String> change) {
    return a -> text(change.apply(text));
  }

  private Text text(String value) {
    environment.budget().make(value.length());
    return new Text(value);
  }

  private static @Nullable String characters(Arguments arguments) {
    Value given = arguments.take("chars", Value.NONE);
    return given instanceof None ? null : Types.text("strip arg", given);
  }

  private Value join(Arguments arguments) {
    StringBuilder joined = new StringBuilder();
    int index = 0;
    for (Value element : environment.elements(arguments.required("iterable"))) {
      String piece = Types.text("sequence item " + index, element);
      environment.budget().make((long) piece.length() + text.length());
      joined.append(index++ == 0 ? "" : text).append(piece);
    }
    return new Text(joined.toString());
  }

  private Value replace(Arguments arguments) {
    String old = Types.text("replace() argument 1", arguments.required("old"));
    String fresh = Types.text("replace() argument 2", arguments.required("new"));
    return replaced(old, fresh, arguments.integer("count", -1));
  }

  private Text replaced(String old, String fresh, long most) {
    return new Text(replace(text, old, fresh, most, environment.budget()));
  }

  /** Python's {@code replace}; a negative number for all occurrences. */
  static String replace(String text, String old, String fresh, long most, Budget budget) {
    StringBuilder made = new StringBuilder();
    int from = 0;
    long left = most < 0 ? Long.MAX_VALUE : most;
    if (old.isEmpty()) {
      while (left-- > 0 && from <= text.length()) {
        budget.make(fresh.length() + 1L);
        made.append(fresh);
        int next = from < text.length() ? text.offsetByCodePoints(from, 1) : text.length() + 1;
        made.append(text, from, Math.min(next, text.length()));
        from = next;
      }
      return from <= text.length()
          ? made.append(text, from, text.length()).toString()
          : made.toString();
    }
    for (int at = text.indexOf(old); at >= 0 && left-- > 0; at = text.indexOf(old, from)) {
      budget.make((long) at - from + fresh.length());
      made.append(text, from, at).append(fresh);
      from = at + old.length();
    }
    budget.make((long) text.length() - from);
    return made.append(text, from, text.length()).toString();
  }

  private Value affix(Arguments arguments, boolean start) {
    Value given = arguments.required("prefix");
    String part = range(arguments);
    List<Value> all = given instanceof Items items ? items.elements() : List.of(given);
    for (Value one : all) {
      String affix = Types.text("first arg", one);
      if (start ? part.startsWith(affix) : part.endsWith(affix)) {
        return Value.TRUE;
      }
    }
    return Value.FALSE;
  }

  private String range(Arguments arguments) {
    int size = text.codePointCount(0, text.length());
    int from = clamp(arguments.integer("start", 0), size);
    int to = clamp(arguments.integer("end", size), size);
    return from >= to
        ? ""
        : text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
  }

  private static int clamp(long index, int size) {
    return (int) Math.clamp(index < 0 ? index + size : index, 0, size);
  }

  private Value index(String name, Arguments arguments) {
    String part = Types.text(name + "() argument", arguments.required("sub"));
    int size = text.codePointCount(0, text.length());
    int from = clamp(arguments.integer("start", 0), size);
    int to = clamp(arguments.integer("end", size), size);
    int at = -1;
    if (from <= to) {
      int first = text.offsetByCodePoints(0, from);
      String looked = text.substring(first, text.offsetByCodePoints(0, to));
      at = name.startsWith("r") ? looked.lastIndexOf(part) : looked.indexOf(part);
      at = at < 0 ? -1 : from + looked.codePointCount(0, at);
    }
    if (at < 0 && name.endsWith("index")) {
      throw TemplateException.value("substring not found");
    }
    return Int.of(at);
  }

  private Value count(Arguments arguments) {
    String part = Types.text("count() argument", arguments.required("sub"));
    String looked = range(arguments);
    if (part.isEmpty()) {
      return Int.of(looked.codePointCount(0, looked.length()) + 1L);
    }
    long count = 0;
    for (int at = looked.indexOf(part); at >= 0; at = looked.indexOf(part, at + part.length())) {
      count++;
    }
    return Int.of(count);
  }

  private Value zeroFilled(Arguments arguments) {
    Value width =
        Int.of(Math.max(0, Types.integer("width", arguments.required("width")) - length()));
    String zeros = environment.arithmetic().repeat("0", width);
    boolean signed = text.startsWith("-") || text.startsWith("+");
    return new Text(signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text);
  }

  private long length() {
    return text.codePointCount(0, text.length());
  }

  private Value justified(String name, Arguments arguments) {
    long width = Types.integer("width", arguments.required("width"));
    String fill = arguments.text("fillchar", " ");
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw TemplateException.value("the fill character must be exactly one character long");
    }
    return new Text(justify(name, text, width, fill, environment));
  }

  /** A text in the middle, at the left or at the right of a width. */
  static String justify(String how, String text, long width, String fill, Environment environment) {
    long missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    long left =
        switch (how) {
          case "center" -> missing / 2 + (missing & width & 1);
          case "ljust" -> 0;
          default -> missing;
        };
    Arithmetic arithmetic = environment.arithmetic();
    return arithmetic.repeat(fill, Int.of(left))
        + text
        + arithmetic.repeat(fill, Int.of(missing - left));
  }

  /** Texts as values. */
  static Items list(List<String> parts) {
    List<Value> values = new ArrayList<>(parts.size());
    parts.forEach(part -> values.add(new Text(part)));
    return Items.list(values);
  }
}
