package dev.heed.task.speech;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said in a sound.
 *
 * @param text all of it
 * @param language the code of the language that was said or found, or null where the model has no
 *     choice of languages
 * @param seconds how long the sound is
 * @param words in order
 * @param segments between the model's own timestamps; empty where none were asked for
 */
public record Transcript(
    String text,
    @Nullable String language,
    double seconds,
    List<SpokenWord> words,
    List<Segment> segments) {
  /** Copies the lists. */
  public Transcript {
    words = List.copyOf(words);
    segments = List.copyOf(segments);
  }
}
