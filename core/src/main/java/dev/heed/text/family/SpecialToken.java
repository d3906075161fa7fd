package dev.heed.text.family;

/**
 * A special token, and which white space beside it belongs to it.
 *
 * <p>transformers 4.33 gives a token that a file or a class spells as a plain string the white
 * space on both sides; one that is an {@code AddedToken} has what its flags say.
 *
 * @param content its spelling
 * @param left whether it swallows the white space before it
 * @param right whether it swallows the white space behind it
 */
public record SpecialToken(String content, boolean left, boolean right) {
  /** A plain string. */
  static SpecialToken plain(String content) {
    return new SpecialToken(content, true, true);
  }

  /** One that leaves white space alone. */
  static SpecialToken bare(String content) {
    return new SpecialToken(content, false, false);
  }

  /** One that swallows the white space before it: masks. */
  static SpecialToken afterSpace(String content) {
    return new SpecialToken(content, true, false);
  }

  /** The same flags with another spelling. */
  SpecialToken spelled(String other) {
    return new SpecialToken(other, left, right);
  }
}
