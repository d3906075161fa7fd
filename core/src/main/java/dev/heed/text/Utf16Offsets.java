package dev.heed.text;

/**
 * Maps code point numbers, in which the native library counts, to the UTF-16 indices of a Java
 * string.
 */
final class Utf16Offsets {
  private final int length;
  private final int @org.jspecify.annotations.Nullable [] indices;

  Utf16Offsets(String text) {
    length = text.length();
    int points = text.codePointCount(0, length);
    if (points == length) {
      indices = null;
    } else {
      int[] starts = new int[points + 1];
      for (int i = 0, at = 0; i < points; i++) {
        starts[i] = at;
        at += Character.charCount(text.codePointAt(at));
      }
      starts[points] = length;
      indices = starts;
    }
  }

  /** Returns the UTF-16 index of a code point's first unit. */
  int index(int codePoint) {
    return indices == null
        ? Math.min(codePoint, length)
        : indices[Math.min(codePoint, indices.length - 1)];
  }

  /**
   * Replaces every surrogate without its partner by U+FFFD, which is as long, so that offsets stay.
   */
  static String wellFormed(String text) {
    StringBuilder fixed = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else {
        fixed = fixed == null ? new StringBuilder(text) : fixed;
        fixed.setCharAt(i, '\ufffd');
      }
    }
    return fixed == null ? text : fixed.toString();
  }
}
