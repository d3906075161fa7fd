package dev.heed.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The edit distance of word sequences to one reference, within a band around the diagonal.
 *
 * <p>The band is 25 words to each side of the line from corner to corner, as in sacrebleu's TER,
 * and wider where the lengths differ so much that neighbouring rows would not meet.
 */
final class BeamEditDistance {
  private static final int BEAM = 25;
  private static final int FAR = Integer.MAX_VALUE / 2;

  /** What turns the words into the reference. */
  enum Edit {
    KEEP,
    SUBSTITUTE,
    /** A word of the reference is missing. */
    INSERT,
    /** A word is too many. */
    DELETE
  }

  private final List<String> reference;
  private List<String> words = List.of();
  private int[][] cost = new int[1][];
  private Edit[][] step = new Edit[1][];

  BeamEditDistance(List<String> reference) {
    this.reference = reference;
    cost[0] = IntStream.rangeClosed(0, reference.size()).toArray();
    step[0] = new Edit[reference.size() + 1];
    Arrays.fill(step[0], Edit.INSERT);
  }

  /** The fewest edits that turn the words into the reference. */
  int of(List<String> changed) {
    int known = prepare(changed);
    for (int i = known + 1; i <= words.size(); i++) {
      Arrays.fill(
          cost[i], Math.max(0, low(i) - 1), (i < words.size() ? high(i + 1) : high(i)) + 1, FAR);
      for (int j = low(i); j <= high(i); j++) {
        fill(i, j, words.get(i - 1));
      }
    }
    return cost[words.size()][reference.size()];
  }

  /** How many rows of the last words hold for these too: those of their common beginning. */
  private int prepare(List<String> changed) {
    int known = 0;
    if (changed.size() == words.size()) {
      while (known < changed.size() && changed.get(known).equals(words.get(known))) {
        known++;
      }
    } else {
      int[] first = cost[0];
      Edit[] inserts = step[0];
      cost = new int[changed.size() + 1][reference.size() + 1];
      step = new Edit[changed.size() + 1][reference.size() + 1];
      cost[0] = first;
      step[0] = inserts;
    }
    words = changed;
    return known;
  }

  private int low(int i) {
    return Math.max(0, diagonal(i) - beam());
  }

  private int high(int i) {
    return i == words.size()
        ? reference.size()
        : Math.min(reference.size(), diagonal(i) + beam() - 1);
  }

  private int diagonal(int i) {
    return (int) Math.floor(i * ratio());
  }

  private int beam() {
    double half = ratio() / 2;
    return BEAM < half ? (int) Math.ceil(half + BEAM) : BEAM;
  }

  private double ratio() {
    return (double) reference.size() / words.size();
  }

  /** The edits of the last distance, from the first word to the last. */
  Edit[] edits() {
    int i = words.size();
    int j = reference.size();
    Edit[] backwards = new Edit[i + j];
    int count = 0;
    while (i > 0 || j > 0) {
      Edit edit = step[i][j];
      backwards[count++] = edit;
      i -= edit == Edit.INSERT ? 0 : 1;
      j -= edit == Edit.DELETE ? 0 : 1;
    }
    Edit[] edits = new Edit[count];
    for (int k = 0; k < count; k++) {
      edits[k] = backwards[count - 1 - k];
    }
    return edits;
  }

  /** The cheapest way to a cell; of equal ones keep or substitute, then delete, then insert. */
  private void fill(int i, int j, String word) {
    if (j > 0) {
      boolean same = word.equals(reference.get(j - 1));
      take(i, j, cost[i - 1][j - 1] + (same ? 0 : 1), same ? Edit.KEEP : Edit.SUBSTITUTE);
    }
    take(i, j, cost[i - 1][j] + 1, Edit.DELETE);
    if (j > 0) {
      take(i, j, cost[i][j - 1] + 1, Edit.INSERT);
    }
  }

  private void take(int i, int j, int edits, Edit edit) {
    if (edits < cost[i][j]) {
      cost[i][j] = edits;
      step[i][j] = edit;
    }
  }
}
