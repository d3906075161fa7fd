package dev.heed.checkpoint;

/**
 * Text from a file made fit for a message: in quotes, at most 80 characters, control characters
 * escaped, so that a hostile name can neither flood the screen nor send commands to the terminal.
 */
public final class Quoted {
  private static final int LONGEST = 80;

  private Quoted() {}

  /**
   * Quotes foreign text.
   *
   * @param text any text
   * @return the text in double quotes, shortened and escaped
   */
  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().limit(LONGEST).forEach(c -> append(quoted, c));
    return quoted.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"").toString();
  }

  private static void append(StringBuilder out, int c) {
    boolean printable =
        switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
    if (printable) {
      out.appendCodePoint(c);
    } else {
      out.append(String.format("\\u%04x", c));
    }
  }
}
