package dev.heed.text.sentencepiece;

import dev.heed.text.subword.PieceTrie;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.Vocabulary;

/** Takes every character by itself, except those of user-defined pieces. */
final class CharacterSegmenter implements Segmenter {
  private final Vocabulary vocabulary;
  private final PieceTrie userDefined;

  CharacterSegmenter(PieceList pieces) {
    this.vocabulary = pieces.vocabulary();
    this.userDefined = pieces.trie(PieceType.USER_DEFINED);
  }

  @Override
  public Pieces cut(String text) {
    Pieces pieces = new Pieces();
    for (int at = 0; at < text.length(); ) {
      int defined = userDefined.longest(text, at);
      int next = at + (defined > 0 ? defined : Character.charCount(text.codePointAt(at)));
      pieces.add(vocabulary.id(text.substring(at, next)), null, at, next);
      at = next;
    }
    return pieces;
  }
}
