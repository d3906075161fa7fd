package dev.heed.text.subword;

import org.jspecify.annotations.Nullable;

/** Takes the pieces of a stretch of text, in order. */
@FunctionalInterface
public interface PieceSink {
  /**
   * Takes one piece.
   *
   * @param id the vocabulary's number
   * @param spelling what to show for it, or null for the vocabulary's spelling
   * @param from first UTF-16 index of the stretch that it stands for
   * @param to one past the last
   */
  void piece(int id, @Nullable String spelling, int from, int to);
}
