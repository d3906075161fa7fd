package dev.heed.task.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What windows heard, put together; a word that two of them kept is said once. */
final class Joined {
  /** Words of two windows that lie closer are the same one. */
  private static final double CLOSE = 0.3;

  private Joined() {}

  /** Joins windows in order. */
  static Heard of(List<Heard> windows) {
    List<Heard.Word> words = new ArrayList<>();
    List<Segment> segments = new ArrayList<>();
    for (Heard window : windows) {
      List<Heard.Word> more = window.words();
      boolean twice = !words.isEmpty() && !more.isEmpty() && same(words.getLast(), more.getFirst());
      words.addAll(twice ? more.subList(1, more.size()) : more);
      segments.addAll(window.segments());
    }
    StringBuilder text = new StringBuilder();
    for (Heard.Word word : words) {
      text.append(word.piece());
    }
    return new Heard(text.toString().strip(), windows.getFirst().language(), words, segments);
  }

  private static boolean same(Heard.Word one, Heard.Word other) {
    return other.spoken().start() - one.spoken().end() < CLOSE
        && letters(one).equals(letters(other));
  }

  private static String letters(Heard.Word word) {
    return word.spoken().text().replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
  }
}
