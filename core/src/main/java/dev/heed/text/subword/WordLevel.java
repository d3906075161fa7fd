package dev.heed.text.subword;

import dev.heed.checkpoint.Quoted;
import dev.heed.text.TextException;

/**
 * Takes every stretch whole.
 *
 * @param vocabulary the words
 * @param unknown the word for those that are not there
 */
public record WordLevel(Vocabulary vocabulary, String unknown) implements TokenizerModel {
  @Override
  public void tokenize(String stretch, PieceSink pieces) {
    int id = vocabulary.id(stretch);
    String spelling = stretch;
    if (id < 0) {
      id = unknownId(vocabulary, unknown, stretch);
      spelling = unknown;
    }
    pieces.piece(id, spelling, 0, stretch.length());
  }

  /** The number of the word for unknown ones, or an error that names the text. */
  static int unknownId(Vocabulary vocabulary, String unknown, String stretch) {
    int id = vocabulary.id(unknown);
    if (id < 0) {
      throw new TextException(
          "encode: expected text that the vocabulary can express, got "
              + Quoted.of(stretch)
              + ", and the vocabulary has no "
              + Quoted.of(unknown)
              + " for what is unknown");
    }
    return id;
  }
}
