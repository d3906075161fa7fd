package dev.heed.audio;

/**
 * Changes a sampling rate by a sinc windowed with Kaiser's window, cut off below the lower of the
 * two Nyquist frequencies.
 *
 * <p>{@code y(n) = Σ_k x(k)·c·sinc(c·t)·w(t)}, {@code t = n·in/out - k}, {@code c = 0.9476·min(1,
 * out/in)}; the window covers 64 zero crossings to each side.
 *
 * <p>Source: J. O. Smith, Digital Audio Resampling, section 3; J. F. Kaiser's window with β =
 * 14.77, which damps what would fold back by more than 120 dB.
 */
final class Resampler {
  private static final int CROSSINGS = 64;
  private static final double BETA = 14.769656459379492;
  private static final double CUTOFF = 0.9475937167399596;

  /** Weights are kept for each phase where there are few of them. */
  private static final int MOST_KEPT = 1024;

  private Resampler() {}

  /**
   * Resamples.
   *
   * @return {@code ⌈length·out/in⌉} samples
   * @throws IllegalArgumentException if the result would have 2³¹ samples or more
   */
  static float[] resample(float[] samples, int in, int out) {
    int divisor = gcd(in, out);
    int step = in / divisor;
    int phases = out / divisor;
    long length = ((long) samples.length * phases + step - 1) / step;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "resampling: expected fewer than 2^31 samples, got " + length + "; cut the sound");
    }
    double cutoff = CUTOFF * Math.min(1, (double) out / in);
    int reach = (int) Math.ceil(CROSSINGS / cutoff);
    double[][] kept = new double[Math.min(phases, MOST_KEPT)][];
    float[] result = new float[(int) length];
    for (int n = 0; n < result.length; n++) {
      long position = (long) n * step;
      int phase = (int) (position % phases);
      int whole = (int) (position / phases);
      double[] weights = phase < kept.length ? kept[phase] : null;
      if (weights == null) {
        weights = weights((double) phase / phases, cutoff, reach);
        if (phase < kept.length) {
          kept[phase] = weights;
        }
      }
      result[n] = (float) sum(samples, whole - reach + 1, weights);
    }
    return result;
  }

  private static double sum(float[] samples, int from, double[] weights) {
    int first = Math.max(0, -from);
    int last = Math.min(weights.length, samples.length - from);
    double sum = 0;
    for (int i = first; i < last; i++) {
      sum += samples[from + i] * weights[i];
    }
    return sum;
  }

  /** Weights of the samples around a place between two, {@code fraction} after the first. */
  private static double[] weights(double fraction, double cutoff, int reach) {
    double[] weights = new double[2 * reach];
    for (int i = 0; i < weights.length; i++) {
      double t = fraction - (i - reach + 1);
      double inside = 1 - Math.pow(t * cutoff / CROSSINGS, 2);
      double window = inside <= 0 ? 0 : bessel(BETA * Math.sqrt(inside)) / bessel(BETA);
      double angle = Math.PI * cutoff * t;
      weights[i] = cutoff * (angle == 0 ? 1 : Math.sin(angle) / angle) * window;
    }
    return weights;
  }

  /** The modified Bessel function of the first kind and order 0, by its power series. */
  private static double bessel(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; term > 1e-17 * sum; k++) {
      term *= x * x / (4.0 * k * k);
      sum += term;
    }
    return sum;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
