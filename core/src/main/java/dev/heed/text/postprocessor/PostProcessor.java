package dev.heed.text.postprocessor;

import java.util.List;

/**
 * What is done with an encoded text at the end.
 *
 * @param trims applied to the offsets of each text's tokens, in order
 * @param single the template of one text
 * @param pair the template of two texts
 */
public record PostProcessor(List<OffsetTrim> trims, Template single, Template pair) {
  /** Adds nothing; the second text's segment is 1. */
  public static final PostProcessor NONE = new PostProcessor(List.of(), Template.ONE, Template.TWO);

  /** Copies the list. */
  public PostProcessor {
    trims = List.copyOf(trims);
  }

  /** Templates alone. */
  public static PostProcessor of(Template single, Template pair) {
    return new PostProcessor(List.of(), single, pair);
  }
}
