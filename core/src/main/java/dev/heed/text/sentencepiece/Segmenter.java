package dev.heed.text.sentencepiece;

import dev.heed.text.subword.Pieces;

/** Cuts a normalised text into pieces; of what is no piece, it gives the characters. */
interface Segmenter {
  /** The number of a character that is no piece. */
  int UNKNOWN = -1;

  /**
   * Cuts a text.
   *
   * @param text not empty
   * @return its pieces with their numbers, or {@link #UNKNOWN}, in order and without gaps
   */
  Pieces cut(String text);
}
