package dev.heed.generate.template;

import java.util.List;

/**
 * What a template made.
 *
 * @param text all of it
 * @param assistant what stood between {@code generation} tags, in order
 */
public record Rendered(String text, List<Span> assistant) {
  /**
   * A part of a text.
   *
   * @param start its first code point, from 0
   * @param end after its last
   */
  public record Span(int start, int end) {}

  /** Copies the list. */
  public Rendered {
    assistant = List.copyOf(assistant);
  }
}
