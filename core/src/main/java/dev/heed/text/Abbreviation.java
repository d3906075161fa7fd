package dev.heed.text;

/** Letters with full stops between them, and one behind the last: U.K., p.m., Ph.D. */
public final class Abbreviation {
  private Abbreviation() {}

  /**
   * Whether the last full stop of an abbreviation stands somewhere: before it a letter, another
   * full stop and another letter. At the end of a sentence it ends that too.
   *
   * @param at a place in the text, or outside of it
   */
  public static boolean endsAt(String text, int at) {
    return at >= 3
        && at < text.length()
        && text.charAt(at) == '.'
        && Character.isLetter(text.charAt(at - 1))
        && text.charAt(at - 2) == '.'
        && Character.isLetter(text.charAt(at - 3));
  }
}
