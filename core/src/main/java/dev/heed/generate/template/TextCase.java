package dev.heed.generate.template;

import java.util.Locale;

/** Upper and lower case, as Python has them. */
final class TextCase {
  private TextCase() {}

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return titled(text.codePointAt(0)) + lower(text.substring(first));
  }

  /** Every letter after what is none is a capital. */
  static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      titled.append(inWord ? lower(Character.toString(c)) : titled(c));
      inWord = Characters.isCased(c);
    }
    return titled.toString();
  }

  private static String titled(int c) {
    int title = Character.toTitleCase(c);
    return title == c
        ? Character.isLowerCase(c) ? special(c) : Character.toString(c)
        : Character.toString(title);
  }

  /** Letters whose capital is several: only the first of those stays one. */
  private static String special(int c) {
    String upper = upper(Character.toString(c));
    return upper.length() > 1 && upper.codePointCount(0, upper.length()) > 1
        ? upper.charAt(0) + lower(upper.substring(1))
        : upper;
  }

  static String swap(String text) {
    StringBuilder swapped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          String one = Character.toString(c);
          swapped.append(
              Characters.isUpper(c) ? lower(one) : Characters.isLower(c) ? upper(one) : one);
        });
    return swapped.toString();
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Characters::isLower)
        && text.codePoints().noneMatch(c -> Characters.isUpper(c) || Character.isTitleCase(c));
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Characters::isUpper)
        && text.codePoints().noneMatch(c -> Characters.isLower(c) || Character.isTitleCase(c));
  }

  static boolean isTitle(String text) {
    boolean cased = false;
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      boolean upper = Characters.isUpper(c) || Character.isTitleCase(c);
      boolean lower = Characters.isLower(c);
      if (upper && inWord || lower && !inWord) {
        return false;
      }
      inWord = upper || lower;
      cased |= inWord;
    }
    return cased;
  }
}
