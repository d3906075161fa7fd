package dev.heed.text.train;

import dev.heed.text.subword.PieceTrie;
import dev.heed.text.subword.UnigramSearch;
import java.util.Arrays;
import java.util.List;

/** All cuts of a word into pieces of their own probabilities. */
final class Lattice {
  private final PieceTrie trie = new PieceTrie();
  private final double[] scores;

  Lattice(List<UnigramLearner.Scored> pieces) {
    scores = new double[pieces.size()];
    for (int i = 0; i < scores.length; i++) {
      trie.put(pieces.get(i).text(), i);
      scores[i] = pieces.get(i).score();
    }
  }

  /** The search for best cuts. */
  UnigramSearch search() {
    double worst = Arrays.stream(scores).min().orElse(0);
    return new UnigramSearch(trie, scores, worst, false);
  }

  /**
   * Adds how often each piece is expected in a word, forwards and backwards over its lattice.
   *
   * @param count how often the word stands there
   * @param expected by piece
   */
  void expect(String word, long count, double[] expected) {
    int length = word.length();
    double[] before = new double[length + 1];
    double[] after = new double[length + 1];
    Arrays.fill(before, Double.NEGATIVE_INFINITY);
    Arrays.fill(after, Double.NEGATIVE_INFINITY);
    before[0] = 0;
    after[length] = 0;
    for (int from = 0; from < length; from++) {
      if (before[from] > Double.NEGATIVE_INFINITY) {
        int node = trie.child(PieceTrie.ROOT, word.charAt(from));
        for (int to = from + 1; node >= 0; to++) {
          int id = trie.value(node);
          if (id >= 0) {
            before[to] = logSum(before[to], before[from] + scores[id]);
          }
          node = to < length ? trie.child(node, word.charAt(to)) : -1;
        }
      }
    }
    for (int from = length - 1; from >= 0; from--) {
      int node = trie.child(PieceTrie.ROOT, word.charAt(from));
      for (int to = from + 1; node >= 0; to++) {
        int id = trie.value(node);
        if (id >= 0 && after[to] > Double.NEGATIVE_INFINITY) {
          double rest = scores[id] + after[to];
          after[from] = logSum(after[from], rest);
          expected[id] += count * Math.exp(before[from] + rest - before[length]);
        }
        node = to < length ? trie.child(node, word.charAt(to)) : -1;
      }
    }
  }

  private static double logSum(double x, double y) {
    double larger = Math.max(x, y);
    return larger == Double.NEGATIVE_INFINITY
        ? larger
        : larger + Math.log1p(Math.exp(Math.min(x, y) - larger));
  }
}
