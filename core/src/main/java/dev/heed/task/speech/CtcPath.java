package dev.heed.task.speech;

import java.util.ArrayList;
import java.util.List;

/**
 * The likeliest letter of every frame (Graves et al. 2006, section 3.2, best path decoding), cut
 * into words.
 *
 * @param letters the likeliest class of each frame
 * @param logProbabilities of it
 * @param blank the class of no letter
 * @param delimiter the class between words, or -1
 */
@SuppressWarnings("ArrayRecordComponent") // a path is read once, compared by nobody
record CtcPath(int[] letters, double[] logProbabilities, int blank, int delimiter) {
  /**
   * A word's frames.
   *
   * @param from its first letter's first
   * @param to after its last letter's last
   * @param probability the geometric mean over the frames with letters
   */
  record Span(int from, int to, double probability) {}

  /** The words in order. */
  List<Span> words() {
    List<Span> words = new ArrayList<>();
    int from = -1;
    int to = 0;
    double sum = 0;
    int count = 0;
    for (int frame = 0; frame <= letters.length; frame++) {
      boolean ends = frame == letters.length || letters[frame] == delimiter;
      if (ends && from >= 0) {
        words.add(new Span(from, to, Math.exp(sum / count)));
        from = -1;
        sum = 0;
        count = 0;
      } else if (!ends && letters[frame] != blank) {
        from = from < 0 ? frame : from;
        to = frame + 1;
        sum += logProbabilities[frame];
        count++;
      }
    }
    return words;
  }

  /** The classes of all frames of a span, for a tokenizer that merges repetitions. */
  long[] ids(int from, int to) {
    long[] ids = new long[to - from];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = letters[from + i];
    }
    return ids;
  }
}
