package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Expression.Repeat;
import java.util.Map;

/** Strings of a schema. */
final class StringSchema {
  private static final String DATE = "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\\d|2[0-8])";
  private static final String TIME =
      "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)";

  /** Formats whose texts are all valid; days that not every month has are left out. */
  private static final Map<String, String> FORMATS =
      Map.of(
          "date",
          DATE,
          "time",
          TIME,
          "date-time",
          DATE + "T" + TIME,
          "uuid",
          "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
          "ipv4",
          "((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)",
          "email",
          "[a-z0-9]{1,20}([._-][a-z0-9]{1,20}){0,3}@[a-z0-9]{1,20}(\\.[a-z]{2,10}){1,2}");

  private StringSchema() {}

  static Expression of(Keywords keywords) {
    int least = keywords.count("minLength", 0);
    int most = keywords.count("maxLength", Repeat.UNBOUNDED);
    boolean bounded = least > 0 || most != Repeat.UNBOUNDED;
    if (keywords.has("pattern")) {
      requireAlone(keywords, bounded, "pattern");
      return JsonSyntax.quoted(pattern(keywords.text("pattern")));
    }
    if (keywords.has("format")) {
      // a format that is not known asserts nothing
      String regex = FORMATS.get(keywords.text("format"));
      if (regex != null) {
        requireAlone(keywords, bounded, "format");
        return JsonSyntax.quoted(plain(regex));
      }
    }
    return JsonSyntax.quoted(new Repeat(JsonSyntax.CHARACTER, least, most));
  }

  private static void requireAlone(Keywords keywords, boolean bounded, String key) {
    if (bounded) {
      throw new GrammarException(
          keywords.where() + ": expected " + key + " without minLength and maxLength, got both");
    }
  }

  private static Expression plain(String regex) {
    return new RegexParser(regex, set -> set.and(JsonSyntax.PLAIN)).expression();
  }

  /** A pattern may lie anywhere in the string unless it is anchored. */
  private static Expression pattern(String pattern) {
    boolean start = pattern.startsWith("^");
    boolean end = pattern.endsWith("$") && !pattern.endsWith("\\$");
    Expression any = JsonSyntax.CHARACTER.many();
    String inside = pattern.substring(start ? 1 : 0, pattern.length() - (end ? 1 : 0));
    if ((start || end) && topLevelChoice(inside)) {
      throw new GrammarException(
          "JSON schema, pattern: expected a group around options between ^ and $, got none");
    }
    Expression match = plain(inside);
    return Expression.sequence(start ? Expression.EMPTY : any, match, end ? Expression.EMPTY : any);
  }

  private static boolean topLevelChoice(String regex) {
    int depth = 0;
    boolean set = false;
    for (int i = 0; i < regex.length(); i++) {
      switch (regex.charAt(i)) {
        case '\\' -> i++;
        case '[' -> set = true;
        case ']' -> set = false;
        case '(' -> depth += set ? 0 : 1;
        case ')' -> depth -= set ? 0 : 1;
        case '|' -> {
          if (depth == 0 && !set) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }
}
