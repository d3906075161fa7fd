package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.CodePoints;
import dev.heed.text.pattern.WordSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits as llama.cpp does: expressions one after another, each on the parts that those before it
 * left; what lies between matches is a part, too.
 *
 * <p>C++ has no Unicode categories. Where an expression names one, llama.cpp matches it on a text
 * in which every character beyond ASCII is one that stands for its category, with the categories
 * written as sets of those and of ASCII characters; so {@code ~} is no symbol, for example. ({@code
 * unicode.cpp}, {@code unicode_regex_split}.)
 *
 * @param steps in their order
 */
public record LlamaCppSplit(List<Step> steps) implements PreTokenizer {
  private static final char SPACE = '\u000b';
  private static final char OTHER = '\u00d0';
  private static final char NUMBER = '\u00d1';
  private static final char LETTER = '\u00d2';
  private static final char PUNCTUATION = '\u00d3';
  private static final char MARK = '\u00d4';
  private static final char SYMBOL = '\u00d5';

  private static final String[][] SETS = {
    {"\\p{N}", "0-9" + NUMBER},
    {"\\p{L}", "A-Za-z" + LETTER},
    {"\\p{P}", "!-#%-*,-/:-;?-@\\[-\\]_\\{\\}" + PUNCTUATION},
    {"\\p{M}", "" + MARK},
    {"\\p{S}", "$+<->^`|" + SYMBOL}
  };

  /** Copies the list. */
  public LlamaCppSplit {
    steps = List.copyOf(steps);
  }

  /** One expression. */
  public sealed interface Step {
    /** Where the parts of a text end, in code points. */
    void ends(int[] text, List<Integer> ends);
  }

  /** A step that llama.cpp has code for, as Heed does. */
  public record Words(WordSplit split) implements Step {
    @Override
    public void ends(int[] text, List<Integer> ends) {
      String s = new String(text, 0, text.length);
      split.segments(s, (from, to, match) -> ends.add(s.codePointCount(0, to)));
    }
  }

  /**
   * An expression.
   *
   * @param pattern translated
   * @param collapsed whether it is matched on categories
   */
  public record Expression(Pattern pattern, boolean collapsed) implements Step {
    /** Translates an expression of llama.cpp's. */
    public static Expression of(String regex) {
      boolean collapsed = regex.contains("\\p{");
      StringBuilder translated = new StringBuilder();
      boolean inSet = false;
      for (int i = 0; i < regex.length(); i++) {
        char c = regex.charAt(i);
        if (c == '\\' && regex.startsWith("\\p{", i)) {
          String set = set(regex.substring(i, i + 5));
          translated.append(inSet ? set : "[" + set + "]");
          i += 4;
        } else if (c == '\\') {
          translated.append(c).append(regex.charAt(++i));
        } else {
          inSet = c == '[' ? true : c != ']' && inSet;
          translated.append(c == '$' && !inSet ? "\\z" : String.valueOf(c));
        }
      }
      return new Expression(Pattern.compile(translated.toString()), collapsed);
    }

    private static String set(String category) {
      for (String[] set : SETS) {
        if (set[0].equals(category)) {
          return set[1];
        }
      }
      throw new IllegalArgumentException("expected a category that has a set, got " + category);
    }

    @Override
    public void ends(int[] text, List<Integer> ends) {
      int[] seen = new int[text.length];
      for (int i = 0; i < text.length; i++) {
        seen[i] = text[i] < 0x80 ? text[i] : collapsed ? collapse(text[i]) : widened(text[i]);
      }
      String s = new String(seen, 0, seen.length);
      Matcher matcher = pattern.matcher(s);
      while (matcher.find()) {
        ends.add(s.codePointCount(0, matcher.start()));
        ends.add(s.codePointCount(0, matcher.end()));
      }
      ends.add(text.length);
    }

    private static int widened(int c) {
      return CodePoints.isWhiteSpace(c) ? SPACE : c;
    }

    private static int collapse(int c) {
      if (CodePoints.isWhiteSpace(c)) {
        return SPACE;
      }
      if (CodePoints.isLetter(c)) {
        return LETTER;
      }
      if (CodePoints.isNumber(c)) {
        return NUMBER;
      }
      if (CodePoints.isPunctuationCategory(c)) {
        return PUNCTUATION;
      }
      return CodePoints.isMark(c) ? MARK : CodePoints.isSymbol(c) ? SYMBOL : OTHER;
    }
  }

  @Override
  public void split(AlignedText text, Consumer<AlignedText> parts) {
    int[] points = text.text().codePoints().toArray();
    List<Integer> ends = List.of(points.length);
    for (Step step : steps) {
      ends = refined(points, ends, step);
    }
    String s = text.text();
    int from = 0;
    int fromPoint = 0;
    for (int end : ends) {
      int to = s.offsetByCodePoints(from, end - fromPoint);
      parts.accept(text.slice(from, to));
      from = to;
      fromPoint = end;
    }
  }

  private static List<Integer> refined(int[] points, List<Integer> ends, Step step) {
    List<Integer> refined = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      List<Integer> within = new ArrayList<>();
      step.ends(Arrays.copyOfRange(points, from, end), within);
      int last = 0;
      for (int e : within) {
        if (e > last) {
          refined.add(from + e);
          last = e;
        }
      }
      from = end;
    }
    return refined;
  }
}
