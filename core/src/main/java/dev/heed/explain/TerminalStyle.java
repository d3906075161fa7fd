package dev.heed.explain;

import java.util.Locale;

/**
 * Colours text by escape sequences, or leaves it as it is.
 *
 * @param colour whether the terminal takes 24-bit colour
 */
public record TerminalStyle(boolean colour) {
  private static final String RESET = "\u001b[0m";

  /** Text in a colour. */
  public String ink(int rgb, String text) {
    return colour ? code(38, rgb) + text + RESET : text;
  }

  /** Text on a colour, itself in black or white, whichever can be read on it. */
  public String on(int rgb, String text) {
    return colour
        ? code(48, rgb) + code(38, Palette.isDarkColour(rgb) ? 0xFFFFFF : 0) + text + RESET
        : text;
  }

  /** Text on one colour in another. */
  public String on(int background, int ink, String text) {
    return colour ? code(48, background) + code(38, ink) + text + RESET : text;
  }

  /** Text in bold and reversed. */
  public String strong(String text) {
    return colour ? "\u001b[1;7m" + text + RESET : text;
  }

  private static String code(int kind, int rgb) {
    return String.format(
        Locale.ROOT, "\u001b[%d;2;%d;%d;%dm", kind, rgb >> 16, rgb >> 8 & 255, rgb & 255);
  }
}
