package dev.heed.text.postprocessor;

import java.util.List;

/**
 * What an encoding consists of: texts, and the special tokens around them.
 *
 * @param parts in order
 */
public record Template(List<Part> parts) {
  /** Copies the list. */
  public Template {
    parts = List.copyOf(parts);
  }

  /** One part of an encoding. */
  public sealed interface Part {}

  /**
   * A text's tokens.
   *
   * @param text 0 for the first, 1 for the second
   * @param type the segment number that its tokens get
   */
  public record Text(int text, int type) implements Part {}

  /**
   * An added token.
   *
   * @param id its number
   * @param spelling what to show for it
   * @param type its segment number
   */
  public record Special(int id, String spelling, int type) implements Part {}

  /**
   * An added token at a text's end, unless the text ends in it already.
   *
   * @param id its number
   * @param spelling what to show for it
   * @param type its segment number
   */
  public record End(int id, String spelling, int type) implements Part {}

  /** The template of one text without anything around it. */
  public static final Template ONE = new Template(List.of(new Text(0, 0)));

  /** The template of two texts without anything around them. */
  public static final Template TWO = new Template(List.of(new Text(0, 0), new Text(1, 1)));

  /** The same without special tokens. */
  public Template plain() {
    return new Template(parts.stream().filter(Text.class::isInstance).toList());
  }
}
