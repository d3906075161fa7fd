package dev.heed.text.pattern;

/**
 * Matches a text.
 *
 * @param literal what to find; an empty one is nowhere
 */
public record LiteralPattern(String literal) implements TextPattern {
  @Override
  public void segments(String text, Segments segments) {
    int from = 0;
    while (from < text.length() && !literal.isEmpty()) {
      int match = text.indexOf(literal, from);
      if (match < 0) {
        break;
      }
      if (match > from) {
        segments.segment(from, match, false);
      }
      from = match + literal.length();
      segments.segment(match, from, true);
    }
    if (from < text.length()) {
      segments.segment(from, text.length(), false);
    }
  }

  @Override
  public boolean occursIn(String text) {
    return !literal.isEmpty() && text.contains(literal);
  }
}
