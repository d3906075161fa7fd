package dev.heed.task.speech;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to listen.
 *
 * @param language what is spoken, as a code ({@code en}) or an English name ({@code english}); null
 *     lets a model of several languages find out
 * @param translate whether to write English whatever is spoken, where the model can
 * @param timestamps whether the model writes its own timestamps, where it can
 * @param window seconds that are heard at once; null for half a minute, or for less where letters
 *     have frames so fine that it would be more than {@value #MOST_FRAMES} of them. A model with a
 *     window of its own has that
 * @param overlap seconds that two windows share, of which each gives half; at most half a window;
 *     null for a sixth of it
 */
public record SpeechSettings(
    @Nullable String language,
    boolean translate,
    boolean timestamps,
    @Nullable Double window,
    @Nullable Double overlap) {
  /** The usual windows, any language, as spoken. */
  public static final SpeechSettings DEFAULT = new SpeechSettings(null, false, false, null, null);

  /** How many frames attend to each other in a usual window. */
  static final int MOST_FRAMES = 3000;

  private static final double USUAL = 30;
  private static final double LONGEST = 3600;

  /** Checks that windows move on. */
  public SpeechSettings {
    boolean fits = window == null || window > 0 && window <= LONGEST;
    double most = window == null ? LONGEST / 2 : window / 2;
    if (!fits || overlap != null && !(overlap >= 0 && overlap <= most)) {
      throw new IllegalArgumentException(
          "windows: expected up to an hour and an overlap of at most half of it, got "
              + (window == null ? "the usual" : window)
              + " and "
              + overlap
              + " seconds");
    }
  }

  /**
   * How a sound is cut.
   *
   * @param own seconds of the model's own window, or 0 for none
   * @param frames a second that attend to each other, or 0 where that sets no bound
   */
  Windows windows(double own, double frames) {
    double usual = frames > 0 ? Math.min(USUAL, MOST_FRAMES / frames) : USUAL;
    double length = own > 0 ? own : window == null ? usual : window;
    return new Windows(length, overlap == null ? length / 6 : Math.min(overlap, length / 2));
  }

  /** The same in a language. */
  SpeechSettings in(@Nullable String spoken) {
    return new SpeechSettings(spoken, translate, timestamps, window, overlap);
  }

  /**
   * Windows.
   *
   * @param length seconds of one
   * @param overlap seconds that two share
   */
  record Windows(double length, double overlap) {
    /** Cuts a sound of so many samples. */
    List<Piece> of(int samples, int rate, int step) {
      return Piece.of(
          samples, (int) Math.min(Integer.MAX_VALUE, length * rate), (int) (overlap * rate), step);
    }
  }
}
