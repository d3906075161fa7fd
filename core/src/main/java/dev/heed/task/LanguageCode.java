package dev.heed.task;

import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.stream.Collectors;

/**
 * A language as a vocabulary spells it.
 *
 * @param code for example {@code fr}, {@code fr_XX}, {@code fra_Latn}
 * @param token its number
 */
record LanguageCode(String code, int token) {
  private static final int MOST_NAMED = 12;

  /**
   * The language that a user means: the code itself, or another code of the language, of two or
   * three letters.
   *
   * @throws IllegalArgumentException if there is none, or more than one
   */
  static LanguageCode find(String option, String wanted, List<LanguageCode> known) {
    for (LanguageCode each : known) {
      if (each.code.equalsIgnoreCase(wanted)) {
        return each;
      }
    }
    List<LanguageCode> close = known.stream().filter(each -> same(wanted, each.code)).toList();
    if (close.size() != 1) {
      throw new IllegalArgumentException(
          option
              + ": expected one of "
              + some(close.isEmpty() ? known : close)
              + ", got "
              + wanted);
    }
    return close.getFirst();
  }

  /** Whether two codes mean one language, as {@code fr} and {@code fra_Latn} do. */
  static boolean same(String a, String b) {
    return letters(a).equals(letters(b));
  }

  /** Three letters where there are such. */
  private static String letters(String code) {
    String language = code.split("[_-]", 2)[0].toLowerCase(Locale.ROOT);
    try {
      String three = Locale.forLanguageTag(language).getISO3Language();
      return three.isEmpty() ? language : three;
    } catch (MissingResourceException _) {
      return language;
    }
  }

  /** The first codes, for messages. */
  static String some(List<LanguageCode> known) {
    String first =
        known.stream().limit(MOST_NAMED).map(LanguageCode::code).collect(Collectors.joining(", "));
    return known.size() > MOST_NAMED
        ? first + " and " + (known.size() - MOST_NAMED) + " more"
        : first;
  }
}
