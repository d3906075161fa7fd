package dev.heed.text.subword;

import dev.heed.text.subword.UnigramSearch.Scored;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The best few cuts of a text: the best few ways to reach each position, one after another. */
final class UnigramNBest {
  private final PieceTrie trie;
  private final double[] scores;
  private final double unknownScore;
  private final boolean single;
  private final int count;

  UnigramNBest(PieceTrie trie, double[] scores, double unknownScore, boolean single, int count) {
    this.trie = trie;
    this.scores = scores;
    this.unknownScore = unknownScore;
    this.single = single;
    this.count = count;
  }

  /** A way to reach a position: its last piece, and the way before that. */
  private record Way(double score, int id, int from, int to, @Nullable Way before) {}

  List<Scored> search(String text) {
    List<List<Way>> ways = new ArrayList<>();
    for (int i = 0; i <= text.length(); i++) {
      ways.add(new ArrayList<>());
    }
    for (int start = 0; start < text.length(); ) {
      prune(ways.get(start));
      int next = start + Character.charCount(text.codePointAt(start));
      boolean known = false;
      int node = trie.child(PieceTrie.ROOT, text.charAt(start));
      for (int end = start + 1; node >= 0; end++) {
        int id = trie.value(node);
        if (id >= 0) {
          extend(ways, start, end, id, scores[id]);
          known |= end == next;
        }
        node = end < text.length() ? trie.child(node, text.charAt(end)) : -1;
      }
      if (!known) {
        extend(ways, start, next, UnigramSearch.UNKNOWN, unknownScore);
      }
      start = next;
    }
    List<Way> last = ways.get(text.length());
    prune(last);
    return last.stream()
        .map(way -> new Scored(pieces(way), single ? singleScore(way) : way.score))
        .toList();
  }

  private void prune(List<Way> ways) {
    ways.sort(Comparator.comparingDouble(Way::score).reversed());
    if (ways.size() > count) {
      ways.subList(count, ways.size()).clear();
    }
  }

  private static void extend(List<List<Way>> ways, int start, int end, int id, double score) {
    if (start == 0) {
      ways.get(end).add(new Way(score, id, start, end, null));
      return;
    }
    for (Way way : ways.get(start)) {
      ways.get(end).add(new Way(way.score + score, id, start, end, way));
    }
  }

  /** SentencePiece adds from the last piece on, and rounds each time. */
  private float singleScore(Way last) {
    float score = 0;
    for (Way way = last; way != null; way = way.before) {
      score += (float) (way.id < 0 ? unknownScore : scores[way.id]);
    }
    return score;
  }

  private static Pieces pieces(Way last) {
    Deque<Way> path = new ArrayDeque<>();
    for (Way way = last; way != null; way = way.before) {
      path.push(way);
    }
    Pieces pieces = new Pieces();
    path.forEach(way -> pieces.add(way.id, null, way.from, way.to));
    return pieces;
  }
}
