package dev.heed.text.gguf;

import dev.heed.text.subword.PieceSink;
import dev.heed.text.subword.PieceTrie;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;

/**
 * WordPiece as GGUF stores it: pieces that begin a word begin with U+2581. From the left, the
 * longest piece there is; a word that cannot be covered is unknown as a whole.
 */
final class PhantomSpaceModel implements TokenizerModel {
  private static final String SPACE = "\u2581";

  private final Vocabulary vocabulary;
  private final int unknown;
  private final PieceTrie trie = new PieceTrie();

  PhantomSpaceModel(Vocabulary vocabulary, int unknown) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    vocabulary.forEach((piece, id) -> {
      if (!piece.isEmpty()) {
        trie.put(piece, id);
      }
    });
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void tokenize(String word, PieceSink sink) {
    String spaced = SPACE + word;
    Pieces pieces = new Pieces();
    for (int at = 0; at < spaced.length(); ) {
      int length = trie.longest(spaced, at);
      if (length == 0) {
        sink.piece(unknown, null, 0, word.length());
        return;
      }
      int id = vocabulary.id(spaced.substring(at, at + length));
      pieces.add(id, null, Math.max(0, at - 1), at + length - 1);
      at += length;
    }
    pieces.send(sink);
  }
}
