package dev.heed.text.sentencepiece;

import dev.heed.text.normalizer.SentencePieceNormalizer;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.Vocabulary;

/** Takes words whole, each with the space before it. */
final class WordSegmenter implements Segmenter {
  private final Vocabulary vocabulary;

  WordSegmenter(PieceList pieces) {
    this.vocabulary = pieces.vocabulary();
  }

  @Override
  public Pieces cut(String text) {
    Pieces pieces = new Pieces();
    int from = 0;
    for (int at = 1; at <= text.length(); at++) {
      if (at == text.length() || text.charAt(at) == SentencePieceNormalizer.SPACE) {
        pieces.add(vocabulary.id(text.substring(from, at)), null, from, at);
        from = at;
      }
    }
    return pieces;
  }
}
