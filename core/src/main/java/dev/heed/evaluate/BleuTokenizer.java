package dev.heed.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How a text is split into the words that {@link Bleu} counts, under sacrebleu's names. */
public enum BleuTokenizer {
  /** As mteval-v13a: ASCII punctuation apart, XML entities resolved. */
  V13A("13a", BleuTokenizer::mteval13),
  /** As mteval-v14 with international tokenization: Unicode punctuation and symbols apart. */
  INTERNATIONAL("intl", BleuTokenizer::international),
  /** Every character a word. */
  CHARACTER("char", BleuTokenizer::characters),
  /** Every Chinese character a word, the rest as {@link #V13A} splits it. */
  CHINESE("zh", BleuTokenizer::chinese),
  /** Words are what white space separates. */
  NONE("none", UnaryOperator.identity());

  private static final Pattern ASCII_PUNCTUATION = Pattern.compile("([{-~\\[-` -\\&(-+:-@/])");
  private static final Pattern POINT_AFTER_NO_DIGIT = Pattern.compile("([^0-9])([.,])");
  private static final Pattern POINT_BEFORE_NO_DIGIT = Pattern.compile("([.,])([^0-9])");
  private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
  private static final Pattern MARK_AFTER_NO_NUMBER = Pattern.compile("(\\P{N})(\\p{P})");
  private static final Pattern MARK_BEFORE_NO_NUMBER = Pattern.compile("(\\p{P})(\\P{N})");
  private static final Pattern SYMBOL = Pattern.compile("(\\p{S})");

  /**
   * What counts as Chinese, first and last of each range. That 2001 to 2a6d are among it, general
   * punctuation for example, is how the reference reads its ranges beyond the basic plane.
   */
  private static final char[] CHINESE_RANGES =
      ("\u2001\u2a6d\u2e80\u2eff\u2f00\u2fdf\u2ff0\u2fff\u3000\u303f\u3100\u312f\u31a0\u31bf"
              + "\u31c0\u31ef\u3200\u32ff\u3300\u33ff\u3400\u4db5\u4e00\u9fbb\uf900\ufa2d"
              + "\ufa30\ufa6a\ufa70\ufad9\ufe10\ufe1f\ufe30\ufe4f\uff00\uffef")
          .toCharArray();

  private final String code;
  private final UnaryOperator<String> rule;

  BleuTokenizer(String code, UnaryOperator<String> rule) {
    this.code = code;
    this.rule = rule;
  }

  /**
   * The tokenizer of this name in sacrebleu.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static BleuTokenizer named(String name) {
    return Arrays.stream(values())
        .filter(tokenizer -> tokenizer.code.equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "tokenizer: expected one of "
                    + Arrays.stream(values()).map(BleuTokenizer::code).toList()
                    + ", got "
                    + name));
  }

  /** Its name in sacrebleu and in signatures. */
  public String code() {
    return code;
  }

  /** The text with a space between any two words. */
  public String apply(String text) {
    return rule.apply(text);
  }

  /** The words of a text. */
  List<String> words(String text) {
    return WhiteSpace.split(rule.apply(text));
  }

  private static String mteval13(String text) {
    String line =
        text.replace("<skipped>", "")
            .replace("-\n", "")
            .replace("\n", " ")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
    return western(" " + line + " ");
  }

  /** Sets ASCII punctuation apart, but for points and commas between digits. */
  private static String western(String text) {
    String apart = ASCII_PUNCTUATION.matcher(text).replaceAll(" $1 ");
    apart = POINT_AFTER_NO_DIGIT.matcher(apart).replaceAll("$1 $2 ");
    apart = POINT_BEFORE_NO_DIGIT.matcher(apart).replaceAll(" $1 $2");
    return WhiteSpace.collapse(DASH_AFTER_DIGIT.matcher(apart).replaceAll("$1 $2 "));
  }

  private static String international(String text) {
    String apart = MARK_AFTER_NO_NUMBER.matcher(text).replaceAll("$1 $2 ");
    apart = MARK_BEFORE_NO_NUMBER.matcher(apart).replaceAll(" $1 $2");
    return WhiteSpace.collapse(SYMBOL.matcher(apart).replaceAll(" $1 "));
  }

  private static String characters(String text) {
    return text.codePoints().mapToObj(Character::toString).collect(Collectors.joining(" "));
  }

  private static String chinese(String text) {
    StringBuilder apart = new StringBuilder();
    for (char c : WhiteSpace.strip(text).toCharArray()) {
      if (isChinese(c)) {
        apart.append(' ').append(c).append(' ');
      } else {
        apart.append(c);
      }
    }
    return western(apart.toString());
  }

  private static boolean isChinese(char c) {
    for (int range = 0; range < CHINESE_RANGES.length; range += 2) {
      if (c >= CHINESE_RANGES[range] && c <= CHINESE_RANGES[range + 1]) {
        return true;
      }
    }
    return false;
  }
}
