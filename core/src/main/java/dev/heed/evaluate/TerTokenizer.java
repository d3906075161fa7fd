package dev.heed.evaluate;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How {@link Ter} prepares a text: Tercom's normalisation, as sacrebleu reads it.
 *
 * @param normalized whether punctuation is set apart and XML entities are resolved
 * @param withoutPunctuation whether punctuation is removed
 * @param asian whether East Asian characters are set apart too, and their punctuation removed
 * @param caseSensitive whether case is kept
 */
public record TerTokenizer(
    boolean normalized, boolean withoutPunctuation, boolean asian, boolean caseSensitive) {
  private static final String SET_APART = " $1 ";

  private static final Pattern ASCII_PUNCTUATION = Pattern.compile("([{-~\\[-` -\\&(-+:-@/])");
  private static final Pattern POINT_AFTER_NO_DIGIT = Pattern.compile("([^0-9])([.,])");
  private static final Pattern POINT_BEFORE_NO_DIGIT = Pattern.compile("([.,])([^0-9])");
  private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
  private static final Pattern WESTERN_PUNCTUATION = Pattern.compile("[.,?:;!\"()]");

  /** Ideographs, strokes, radicals, compatibility forms, and all from 3200 to 3f22. */
  private static final Pattern IDEOGRAPH =
      Pattern.compile(
          "([\\u4e00-\\u9fff\\u3400-\\u4dbf\\u31c0-\\u31ef\\u2e80-\\u2eff\\u3300-\\u33ff"
              + "\\uf900-\\ufaff\\ufe30-\\ufe4f\\u3200-\\u3f22])");

  private static final Pattern ASIAN_PUNCTUATION =
      Pattern.compile("([\\u3001\\u3002\\u3008-\\u3011\\u3014-\\u301f\\uff61-\\uff65\\u30fb])");

  private static final Pattern FULL_WIDTH_PUNCTUATION =
      Pattern.compile("([\\uff0e\\uff0c\\uff1f\\uff1a\\uff1b\\uff01\\uff02\\uff08\\uff09])");

  /** The text as words with one space between them. */
  public String apply(String text) {
    String line = caseSensitive ? text : text.toLowerCase(Locale.ROOT);
    if (normalized) {
      line = western(line);
      if (asian) {
        line = IDEOGRAPH.matcher(line).replaceAll(SET_APART);
        line = ASIAN_PUNCTUATION.matcher(line).replaceAll(SET_APART);
        line = FULL_WIDTH_PUNCTUATION.matcher(line).replaceAll(SET_APART);
      }
    }
    if (withoutPunctuation) {
      line = WESTERN_PUNCTUATION.matcher(line).replaceAll("");
      if (asian) {
        line = ASIAN_PUNCTUATION.matcher(line).replaceAll("");
        line = FULL_WIDTH_PUNCTUATION.matcher(line).replaceAll("");
      }
    }
    return WhiteSpace.collapse(line);
  }

  private static String western(String text) {
    String line =
        text.replace("\n-", "")
            .replace("\n", " ")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
    line = ASCII_PUNCTUATION.matcher(" " + line + " ").replaceAll(SET_APART);
    line = line.replace("'s ", " 's ");
    line = POINT_AFTER_NO_DIGIT.matcher(line).replaceAll("$1 $2 ");
    line = POINT_BEFORE_NO_DIGIT.matcher(line).replaceAll(" $1 $2");
    return DASH_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 ");
  }
}
