package dev.heed.task.speech;

import org.jspecify.annotations.Nullable;

/**
 * How to listen.
 *
 * @param language what is spoken, as a code ({@code en}) or an English name ({@code english}); null
 *     lets a model of several languages find out
 * @param translate whether to write English whatever is spoken, where the model can
 * @param timestamps whether the model writes its own timestamps, where it can
 * @param window seconds that are heard at once; a model with a window of its own has that
 * @param overlap seconds that two windows share, of which each gives half
 */
public record SpeechSettings(
    @Nullable String language,
    boolean translate,
    boolean timestamps,
    double window,
    double overlap) {
  /** Windows of half a minute, any language, as spoken. */
  public static final SpeechSettings DEFAULT = new SpeechSettings(null, false, false, 30, 5);

  /** Checks that windows move on. */
  public SpeechSettings {
    if (!(window > 0 && window <= 3600 && overlap >= 0 && overlap <= window / 2)) {
      throw new IllegalArgumentException(
          "windows: expected up to an hour and an overlap of at most half of it, got "
              + window
              + " and "
              + overlap
              + " seconds");
    }
  }
}
