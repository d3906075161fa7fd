package dev.heed.text.gguf;

import dev.heed.text.sentencepiece.PieceList;
import dev.heed.text.sentencepiece.PieceType;
import dev.heed.text.subword.PieceSink;
import dev.heed.text.subword.PieceTrie;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.UnigramSearch;
import dev.heed.text.subword.Vocabulary;

/**
 * The most probable cut, in double precision; a user-defined piece costs nothing, and unknown
 * characters beside each other are one piece.
 */
final class UnigramModel implements TokenizerModel {
  private final Vocabulary vocabulary;
  private final UnigramSearch search;
  private final int unknown;

  UnigramModel(PieceList pieces, int unknown) {
    this.vocabulary = pieces.vocabulary();
    this.unknown = unknown;
    PieceTrie trie = new PieceTrie();
    double[] scores = new double[pieces.size()];
    double worst = Float.MAX_VALUE;
    for (int id = 0; id < scores.length; id++) {
      PieceType type = pieces.types().get(id);
      scores[id] = type == PieceType.USER_DEFINED ? 0 : pieces.scores()[id];
      if (type == PieceType.NORMAL) {
        worst = Math.min(worst, scores[id]);
      }
      boolean text =
          type == PieceType.NORMAL || type == PieceType.USER_DEFINED || type == PieceType.UNUSED;
      if (text && !pieces.spellings().get(id).isEmpty()) {
        trie.put(pieces.spellings().get(id), id);
      }
    }
    this.search = new UnigramSearch(trie, scores, worst, false);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void tokenize(String normalized, PieceSink sink) {
    Pieces cut = search.best(normalized);
    for (int i = 0; i < cut.size(); i++) {
      int from = cut.from(i);
      int id = cut.id(i);
      if (id == UnigramSearch.UNKNOWN) {
        while (i + 1 < cut.size() && cut.id(i + 1) == UnigramSearch.UNKNOWN) {
          i++;
        }
      }
      sink.piece(id < 0 ? unknown : id, null, from, cut.to(i));
    }
  }
}
