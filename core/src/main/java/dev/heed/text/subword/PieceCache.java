package dev.heed.text.subword;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Remembers how words were cut: a language repeats its words. Bounded in words and in their length;
 * once full it stays as it is, since the first words of a text are mostly its frequent ones.
 */
final class PieceCache {
  private static final int WORDS = 10_000;
  private static final int LONGEST = 64;

  private final ConcurrentHashMap<String, Pieces> known = new ConcurrentHashMap<>();

  /** The pieces of a word; they must not be changed. */
  Pieces get(String word, Function<String, Pieces> cut) {
    if (word.length() > LONGEST) {
      return cut.apply(word);
    }
    Pieces pieces = known.get(word);
    if (pieces == null) {
      pieces = cut.apply(word);
      if (known.size() < WORDS) {
        known.put(word, pieces);
      }
    }
    return pieces;
  }
}
