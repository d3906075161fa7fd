package dev.heed.checkpoint;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Text from a file made fit for a message: in quotes, at most 80 characters, escaped as {@link
 * VisibleText}, so that a hostile name can neither flood the screen nor send commands to the
 * terminal.
 */
public final class Quoted {
  private static final int LONGEST = 80;

  private static final int MOST = 12;

  private Quoted() {}

  /**
   * Quotes foreign text.
   *
   * @param text any text
   * @return the text in double quotes, shortened and escaped
   */
  public static String of(String text) {
    boolean whole = text.codePointCount(0, text.length()) <= LONGEST;
    String shown = whole ? text : text.substring(0, text.offsetByCodePoints(0, LONGEST));
    return "\"" + VisibleText.of(shown) + (whole ? "\"" : "…\"");
  }

  /**
   * Quotes foreign names.
   *
   * @param texts any texts
   * @return each one quoted, at most the first twelve, and how many more there are
   */
  public static String list(Collection<String> texts) {
    String first = texts.stream().limit(MOST).map(Quoted::of).collect(Collectors.joining(", "));
    int more = texts.size() - MOST;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
