package dev.heed.task.speech;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was heard, with what each word attended to.
 *
 * @param text all of it
 * @param language or null
 * @param words in order
 * @param segments or none
 */
record Heard(String text, @Nullable String language, List<Word> words, List<Segment> segments) {
  /**
   * A word and its attention over time.
   *
   * @param spoken when
   * @param piece as it stands in the text, with the space before it
   * @param attention to each state of the encoder; empty where nobody looks
   * @param origin when the first of these begins, in seconds
   * @param step seconds of each
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, compared by nobody
  record Word(SpokenWord spoken, String piece, double[] attention, double origin, double step) {}
}
