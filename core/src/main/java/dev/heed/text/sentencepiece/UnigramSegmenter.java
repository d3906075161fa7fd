package dev.heed.text.sentencepiece;

import dev.heed.text.subword.PieceTrie;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.UnigramSearch;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The most probable cut (Kudo 2018). A user-defined piece scores as nearly nothing, so that it is
 * always taken.
 */
final class UnigramSegmenter implements Segmenter {
  private final UnigramSearch search;

  UnigramSegmenter(PieceList pieces) {
    float worst = Float.MAX_VALUE;
    float best = Float.MIN_NORMAL;
    for (int id = 0; id < pieces.size(); id++) {
      if (pieces.types().get(id) == PieceType.NORMAL) {
        worst = Math.min(worst, pieces.scores()[id]);
        best = Math.max(best, pieces.scores()[id]);
      }
    }
    PieceTrie trie = new PieceTrie();
    double[] scores = new double[pieces.size()];
    for (int id = 0; id < scores.length; id++) {
      String spelling = pieces.spellings().get(id);
      scores[id] = pieces.scores()[id];
      if (pieces.types().get(id) == PieceType.USER_DEFINED) {
        scores[id] = spelling.getBytes(StandardCharsets.UTF_8).length * best - 0.1;
      }
      if (pieces.isText(id)) {
        trie.put(spelling, id);
      }
    }
    this.search = new UnigramSearch(trie, scores, worst, true);
  }

  @Override
  public Pieces cut(String text) {
    return search.best(text);
  }

  List<UnigramSearch.Scored> best(String text, int count) {
    return search.best(text, count);
  }
}
