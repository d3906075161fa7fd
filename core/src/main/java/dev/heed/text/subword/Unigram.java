package dev.heed.text.subword;

import dev.heed.checkpoint.Quoted;
import dev.heed.text.TextException;
import java.nio.charset.StandardCharsets;

/**
 * Unigram as the tokenizers library computes it: in double precision, with unknown characters
 * beside each other fused.
 */
public final class Unigram implements TokenizerModel {
  private final Vocabulary vocabulary;
  private final UnigramSearch search;
  private final int unknown;
  private final boolean byteFallback;
  private final BytePieces bytes;
  private final PieceCache cache = new PieceCache();

  /**
   * A model.
   *
   * @param vocabulary the pieces
   * @param scores of each number the logarithm of its probability
   * @param unknown the number for what is unknown, or -1
   * @param byteFallback whether the unknown is written as pieces of its bytes
   */
  public Unigram(Vocabulary vocabulary, double[] scores, int unknown, boolean byteFallback) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.byteFallback = byteFallback;
    this.bytes = BytePieces.of(vocabulary);
    PieceTrie trie = new PieceTrie();
    vocabulary.forEach(trie::put);
    double worst = Double.POSITIVE_INFINITY;
    for (double score : scores) {
      worst = Math.min(worst, score);
    }
    this.search = new UnigramSearch(trie, scores, worst, false);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void tokenize(String stretch, PieceSink pieces) {
    cache.get(stretch, this::cut).send(pieces);
  }

  private Pieces cut(String stretch) {
    Pieces best = search.best(stretch);
    Pieces pieces = new Pieces();
    for (int i = 0; i < best.size(); i++) {
      int from = best.from(i);
      if (isUnknown(best.id(i))) {
        while (i + 1 < best.size() && isUnknown(best.id(i + 1))) {
          i++;
        }
        addUnknown(pieces, stretch, from, best.to(i));
      } else {
        pieces.add(best.id(i), null, from, best.to(i));
      }
    }
    return pieces;
  }

  private boolean isUnknown(int id) {
    return id == UnigramSearch.UNKNOWN || id == unknown;
  }

  private void addUnknown(Pieces pieces, String stretch, int from, int to) {
    String spelling = stretch.substring(from, to);
    int id = vocabulary.id(spelling);
    if (id < 0 && byteFallback) {
      byte[] utf8 = spelling.getBytes(StandardCharsets.UTF_8);
      if (bytes.has(utf8)) {
        for (byte b : utf8) {
          pieces.add(bytes.id(b), null, from, to);
        }
        return;
      }
    }
    if (id < 0 && unknown < 0) {
      throw new TextException(
          "encode: expected text that the vocabulary can express, got "
              + Quoted.of(spelling)
              + ", and the model has no unk_id");
    }
    pieces.add(id < 0 ? unknown : id, spelling, from, to);
  }
}
