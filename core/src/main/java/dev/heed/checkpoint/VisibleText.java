package dev.heed.checkpoint;

/**
 * Foreign text made fit for a terminal: what would command it, reorder the line or not be seen is
 * spelt as an escape.
 *
 * <p>Escaped are control characters, line and paragraph separators, surrogates without their
 * partner, and format characters (among them the byte order mark and the marks that reverse the
 * order of writing) but for the joiners that scripts and emoji need. An escape is {@code \}{@code
 * uXXXX} for each UTF-16 unit, so that escaped JSON still means the same.
 */
public final class VisibleText {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int SOFT_HYPHEN = 0x00AD;

  private VisibleText() {}

  /** The text in one visible line: line feeds and tabs are escaped as well. */
  public static String of(String text) {
    return escape(text, "");
  }

  /** The text with its lines and tabs as they are; all else is escaped as by {@link #of}. */
  public static String lines(String text) {
    return escape(text, "\n\t");
  }

  private static String escape(String text, String kept) {
    if (text.codePoints().allMatch(c -> isVisible(c) || kept.indexOf(c) >= 0)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (isVisible(c) || kept.indexOf(c) >= 0 || isLineEnd(text, i, kept)) {
        out.appendCodePoint(c);
      } else {
        text.substring(i, next).chars().forEach(unit -> append(out, unit));
      }
      i = next;
    }
    return out.toString();
  }

  /** A carriage return is kept only where it ends a line together with a line feed. */
  private static boolean isLineEnd(String text, int at, String kept) {
    return kept.indexOf('\n') >= 0 && text.startsWith("\r\n", at);
  }

  private static void append(StringBuilder out, int unit) {
    out.append("\\u").append(java.util.HexFormat.of().toHexDigits((char) unit));
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.FORMAT ->
          c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER || c == SOFT_HYPHEN;
      default -> true;
    };
  }
}
