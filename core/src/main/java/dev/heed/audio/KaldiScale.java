package dev.heed.audio;

/**
 * Frequencies evenly spaced to the ear, {@code 1127·ln(1 + f/700)}, as Kaldi's {@code
 * mel-computations} has them.
 */
public final class KaldiScale {
  /** Where the lowest filter begins, in Hz. */
  public static final double LOWEST = 20;

  private static final double FACTOR = 1127;
  private static final double BREAK = 700;

  private KaldiScale() {}

  /** From Hz to mel. */
  public static double mel(double hertz) {
    return FACTOR * Math.log(1 + hertz / BREAK);
  }

  /** From mel to Hz. */
  public static double hertz(double mel) {
    return BREAK * Math.expm1(mel / FACTOR);
  }

  /**
   * How far the tops of filters between {@link #LOWEST} and half the rate lie apart, in mel.
   *
   * @param filters how many, at least 1
   * @param rate samples a second
   */
  public static double step(int filters, int rate) {
    return (mel(rate / 2.0) - mel(LOWEST)) / (filters + 1);
  }
}
