package dev.heed.explorer;

import dev.heed.explain.AttentionMap;

/**
 * A text and what was seen as a model read it.
 *
 * @param asked the text that was given
 * @param text as much of it as was read
 * @param tokens the attention between its tokens
 * @param words the same between its words
 */
record Reading(String asked, String text, AttentionMap tokens, AttentionMap words) {
  static Reading of(String asked, String text, AttentionMap tokens) {
    return new Reading(asked, text, tokens, tokens.words(text));
  }

  /** The map between the units that are asked for. */
  AttentionMap map(boolean pieces) {
    return pieces ? tokens : words;
  }

  long weights() {
    return weights(tokens) + weights(words);
  }

  private static long weights(AttentionMap map) {
    return (long) map.layers() * map.heads() * map.queries().size() * map.keys().size();
  }
}
