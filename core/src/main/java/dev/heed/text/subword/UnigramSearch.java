package dev.heed.text.subword;

import java.util.Arrays;
import java.util.List;

/**
 * The most probable cut of a text into pieces, each of its own probability (Kudo 2018, section 3.1;
 * Viterbi's algorithm).
 *
 * <p>A character that is no piece by itself costs ten more than the worst piece and is unknown.
 */
public final class UnigramSearch {
  /** What an unknown character costs more than the worst piece. */
  static final double UNKNOWN_PENALTY = 10;

  /** Marks an unknown character in what {@link #best} gives. */
  public static final int UNKNOWN = -1;

  private final PieceTrie trie;
  private final double[] scores;
  private final double unknownScore;
  private final boolean single;

  /**
   * A search.
   *
   * @param trie the pieces that may be found, with their numbers
   * @param scores of each number the logarithm of its probability
   * @param worst the score of the worst piece
   * @param single whether sums are rounded to single precision, as SentencePiece does
   */
  public UnigramSearch(PieceTrie trie, double[] scores, double worst, boolean single) {
    this.trie = trie;
    this.scores = scores;
    this.single = single;
    this.unknownScore = single ? (float) worst - (float) UNKNOWN_PENALTY : worst - UNKNOWN_PENALTY;
  }

  /**
   * The best cut.
   *
   * @return its pieces with their numbers, or {@link #UNKNOWN} for a single unknown character
   */
  public Pieces best(String text) {
    int length = text.length();
    double[] best = new double[length + 1];
    int[] from = new int[length + 1];
    int[] ids = new int[length + 1];
    Arrays.fill(from, -1);
    for (int start = 0; start < length; ) {
      int next = start + Character.charCount(text.codePointAt(start));
      boolean known = false;
      int node = trie.child(PieceTrie.ROOT, text.charAt(start));
      for (int end = start + 1; node >= 0; end++) {
        int id = trie.value(node);
        if (id >= 0) {
          double score = scores[id] + best[start];
          if (from[end] < 0 || score > best[end]) {
            best[end] = single ? (float) score : score;
            from[end] = start;
            ids[end] = id;
          }
          known |= end == next;
        }
        node = end < length ? trie.child(node, text.charAt(end)) : -1;
      }
      if (!known) {
        double score = unknownScore + best[start];
        score = single ? (float) score : score;
        if (from[next] < 0 || score > best[next]) {
          best[next] = score;
          from[next] = start;
          ids[next] = UNKNOWN;
        }
      }
      start = next;
    }
    return read(from, ids, length);
  }

  /**
   * The best cuts, the best first; equally good ones in any order.
   *
   * @param count how many at most
   */
  public List<Scored> best(String text, int count) {
    return new UnigramNBest(trie, scores, unknownScore, single, count).search(text);
  }

  /**
   * A cut and how good it is.
   *
   * @param pieces as {@link #best(String)} gives them
   * @param score the logarithm of its probability
   */
  public record Scored(Pieces pieces, double score) {}

  private static Pieces read(int[] from, int[] ids, int length) {
    int[] ends = new int[length];
    int count = 0;
    for (int end = length; end > 0; end = from[end]) {
      ends[count++] = end;
    }
    Pieces pieces = new Pieces();
    while (count-- > 0) {
      pieces.add(ids[ends[count]], null, from[ends[count]], ends[count]);
    }
    return pieces;
  }
}
