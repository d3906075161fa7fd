package dev.heed.text.pipeline;

import dev.heed.text.subword.Vocabulary;

/** From a text to pieces and back. Safe to share between threads. */
public interface Pipeline {
  /** Takes the pieces of a text, in order. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes one piece.
     *
     * @param id the vocabulary's number
     * @param spelling what to show for it
     * @param start first UTF-16 index in the text
     * @param end one past the last
     * @param word number of the stretch it belongs to
     */
    void piece(int id, String spelling, int start, int end, int word);
  }

  /**
   * Cuts a text.
   *
   * @param text without lone surrogates
   * @param sink takes the pieces
   * @throws dev.heed.text.TextException if the vocabulary cannot express the text
   */
  void cut(String text, Sink sink);

  /**
   * Turns ids into text.
   *
   * @param ids each in the vocabulary or an added token's
   * @param special whether special tokens are written out
   */
  String decode(int[] ids, boolean special);

  /**
   * The bytes that a token stands for within a text; those of several tokens put together are the
   * text, or part of it.
   *
   * @param id in the vocabulary or an added token's
   */
  byte[] bytes(int id);

  /** The same, but a text that spells a special token is cut like any other. */
  Pipeline literal();

  /** The model's pieces, without added ones. */
  Vocabulary vocabulary();

  /** The tokens that are found in a text before it is cut. */
  AddedTokens added();
}
