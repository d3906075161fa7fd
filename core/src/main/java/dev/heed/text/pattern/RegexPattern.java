package dev.heed.text.pattern;

import dev.heed.checkpoint.Quoted;
import dev.heed.text.TextException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Matches a regular expression, within a bound of steps that grows with the text.
 *
 * <p>An expression comes from a file. Most take a few steps a character; one with nested repetition
 * may take 2^n, and is stopped.
 */
final class RegexPattern implements TextPattern {
  private static final long STEPS_PER_CHARACTER = 2_000;
  private static final long STEPS = 1_000_000;

  private final Pattern pattern;

  RegexPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  @Override
  public void segments(String text, Segments segments) {
    Matcher matcher = pattern.matcher(new Counted(text));
    int last = 0;
    try {
      while (matcher.find()) {
        if (matcher.start() > last) {
          segments.segment(last, matcher.start(), false);
        } else if (matcher.end() == last && last > 0) {
          continue;
        }
        segments.segment(matcher.start(), matcher.end(), true);
        last = matcher.end();
      }
    } catch (StackOverflowError e) {
      throw tooLong("a nesting as deep as the text is long");
    }
    if (last < text.length()) {
      segments.segment(last, text.length(), false);
    }
  }

  private TextException tooLong(String got) {
    return new TextException(
        "splitting by "
            + Quoted.of(pattern.pattern())
            + ": expected a regular expression that takes few steps a character, got "
            + got
            + "; split the text, or use a tokenizer whose expression does not nest repetitions");
  }

  /** The text, and how often a character of it was looked at. */
  private final class Counted implements CharSequence {
    private final String text;
    private long left;

    Counted(String text) {
      this.text = text;
      this.left = STEPS + STEPS_PER_CHARACTER * text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw tooLong("more than " + STEPS_PER_CHARACTER + " steps a character");
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Override
  public String toString() {
    return pattern.toString();
  }
}
