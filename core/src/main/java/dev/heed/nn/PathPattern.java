package dev.heed.nn;

import java.util.regex.Pattern;

/**
 * A pattern for paths of modules: {@code *} stands for any letters, dots included, {@code {a,b}}
 * for one of several, and a path matches when the pattern fits it or its end after a dot. So {@code
 * query} and {@code *.attention.self.{query,value}} both match {@code
 * encoder.layer.0.attention.self.query}, and {@code ery} does not.
 *
 * @param text the pattern as it was written
 * @param pattern the same as a regular expression
 */
public record PathPattern(String text, Pattern pattern) {
  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException for an empty one, or braces that do not close
   */
  public static PathPattern of(String text) {
    StringBuilder regex = new StringBuilder("(?:.*\\.)?");
    boolean choice = false;
    for (char letter : text.toCharArray()) {
      boolean known = choice ? letter == ',' || letter == '}' : letter == '{' || letter == '*';
      regex.append(known ? inRegex(letter) : Pattern.quote(String.valueOf(letter)));
      choice = known ? letter == '{' || letter == ',' : choice;
    }
    if (text.isBlank() || choice) {
      throw new IllegalArgumentException(
          "path pattern: expected a path such as *.attention.self.{query,value}, got \""
              + text
              + "\"; close each brace");
    }
    return new PathPattern(text, Pattern.compile(regex.toString()));
  }

  private static String inRegex(char letter) {
    return switch (letter) {
      case '*' -> ".*";
      case '{' -> "(?:";
      case '}' -> ")";
      default -> "|";
    };
  }

  /** Whether the pattern fits a path or its end. */
  public boolean matches(String path) {
    return pattern.matcher(path).matches();
  }

  /** Whether it is a path, or the end of one, written out. */
  public boolean isPlain() {
    return text.chars().noneMatch(letter -> letter == '*' || letter == '{');
  }
}
