package dev.heed.cli.generate;

/**
 * Shows what a model writes for itself, between {@code <think>} and {@code </think>}, in brackets
 * on lines of its own. Each mark comes in one piece, as it is one token.
 */
final class Thoughts {
  private static final String BEGIN = "<think>";
  private static final String END = "</think>";

  private Thoughts() {}

  /** A piece of what was written, as it is shown. */
  static String shown(String piece) {
    return piece.replace(BEGIN, "[").replace(END, "]\n");
  }
}
