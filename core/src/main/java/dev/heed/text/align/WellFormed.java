package dev.heed.text.align;

/** Text without surrogates that lack their partner. */
public final class WellFormed {
  private WellFormed() {}

  /**
   * Replaces every surrogate without its partner by U+FFFD, which is as long, so that offsets stay.
   */
  public static String of(String text) {
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
