package dev.heed.text.subword;

/** Cuts a stretch of text into pieces of a vocabulary. Safe to share between threads. */
public interface TokenizerModel {
  /**
   * Cuts a stretch.
   *
   * @param stretch not empty
   * @param pieces takes them in order
   * @throws dev.heed.text.TextException if the vocabulary cannot express the stretch
   */
  void tokenize(String stretch, PieceSink pieces);

  /** The pieces and their numbers. */
  Vocabulary vocabulary();
}
