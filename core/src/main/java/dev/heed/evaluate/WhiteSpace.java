package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * White space as Python's {@code str.split} and {@code str.strip} see it, which the reference
 * programs count words by.
 */
final class WhiteSpace {
  private WhiteSpace() {}

  /** The pieces between runs of white space; none is empty. */
  static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i < text.length(); i++) {
      if (is(text.charAt(i))) {
        if (start >= 0) {
          words.add(text.substring(start, i));
          start = -1;
        }
      } else if (start < 0) {
        start = i;
      }
    }
    if (start >= 0) {
      words.add(text.substring(start));
    }
    return words;
  }

  /** The text without white space at its end. */
  static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && is(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** The text without white space at both ends. */
  static String strip(String text) {
    int start = 0;
    while (start < text.length() && is(text.charAt(start))) {
      start++;
    }
    return stripEnd(text.substring(start));
  }

  /** The text with one space for each run of white space and none at its ends. */
  static String collapse(String text) {
    return String.join(" ", split(text));
  }

  /** All white space lies in the basic plane, so a {@code char} decides. */
  static boolean is(char c) {
    return switch (c) {
      case ' ', '\u0085', '\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000' ->
          true;
      default ->
          (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f) || (c >= 0x2000 && c <= 0x200a);
    };
  }
}
