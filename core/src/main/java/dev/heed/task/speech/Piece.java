package dev.heed.task.speech;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a long sound that is heard at once, and the part of it that counts: neighbours share
 * some of the sound, and each gives its half of what is shared.
 *
 * @param from its first sample
 * @param to after its last
 * @param keepFrom the first sample that counts
 * @param keepTo after the last that counts
 */
record Piece(int from, int to, int keepFrom, int keepTo) {
  /**
   * Cuts a sound.
   *
   * @param length its samples
   * @param window samples that are heard at once
   * @param overlap samples that two windows share, at most half of one
   * @param step samples that all cuts are multiples of
   */
  static List<Piece> of(int length, int window, int overlap, int step) {
    int size = Math.max(step, window - window % step);
    if (length <= size) {
      return List.of(new Piece(0, length, 0, length));
    }
    int forward = size - overlap;
    int hop = Math.max(step, forward - forward % step);
    List<Piece> pieces = new ArrayList<>();
    int kept = 0;
    int from = 0;
    while (from + (long) size < length) {
      int to = from + size;
      int middle = (int) (((long) from + hop + to) / 2);
      pieces.add(new Piece(from, to, kept, middle - middle % step));
      kept = middle - middle % step;
      from += hop;
    }
    // The last window is a whole one too.
    pieces.add(new Piece((length - size) / step * step, length, kept, length));
    return pieces;
  }

  /** Whether a moment, in seconds of the whole sound, counts. */
  boolean keeps(double seconds, int rate) {
    return seconds * rate >= keepFrom && seconds * rate < keepTo;
  }
}
