package dev.heed.audio;

/**
 * The discrete Fourier transform of real numbers, any length, by its prime factors.
 *
 * <p>{@code X(k) = Σ_n x(n)·exp(-2πi·k·n/N)} (Cooley and Tukey, 1965). Safe to share between
 * threads.
 */
final class Fourier {
  private final int length;
  private final double[] cosines;
  private final double[] sines;

  /** A transform of so many numbers, at least 1. */
  Fourier(int length) {
    this.length = length;
    this.cosines = new double[length];
    this.sines = new double[length];
    for (int i = 0; i < length; i++) {
      cosines[i] = Math.cos(2 * Math.PI * i / length);
      sines[i] = -Math.sin(2 * Math.PI * i / length);
    }
  }

  /** The power {@code |X(k)|²} of the frequencies from 0 to half the length. */
  double[] power(double[] values) {
    double[] real = new double[length];
    double[] imaginary = new double[length];
    transform(values, 0, 1, length, real, imaginary, 0);
    double[] power = new double[length / 2 + 1];
    for (int k = 0; k < power.length; k++) {
      power[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
    }
    return power;
  }

  /** Transforms every {@code step}-th of the values from one on. */
  private void transform(
      double[] values, int from, int step, int count, double[] real, double[] imaginary, int to) {
    if (count == 1) {
      real[to] = values[from];
      return;
    }
    int factor = smallestFactor(count);
    int part = count / factor;
    for (int r = 0; r < factor; r++) {
      transform(values, from + r * step, step * factor, part, real, imaginary, to + r * part);
    }
    if (factor == 2) {
      join(step, part, real, imaginary, to);
      return;
    }
    double[] partsReal = java.util.Arrays.copyOfRange(real, to, to + count);
    double[] partsImaginary = java.util.Arrays.copyOfRange(imaginary, to, to + count);
    for (int k = 0; k < count; k++) {
      double sumReal = 0;
      double sumImaginary = 0;
      for (int r = 0; r < factor; r++) {
        int angle = (int) ((long) k * r % count) * step;
        int at = r * part + k % part;
        sumReal += partsReal[at] * cosines[angle] - partsImaginary[at] * sines[angle];
        sumImaginary += partsReal[at] * sines[angle] + partsImaginary[at] * cosines[angle];
      }
      real[to + k] = sumReal;
      imaginary[to + k] = sumImaginary;
    }
  }

  /** Two transforms that stand side by side, of every second value each, become one. */
  private void join(int step, int part, double[] real, double[] imaginary, int to) {
    for (int k = 0; k < part; k++) {
      double cosine = cosines[k * step];
      double sine = sines[k * step];
      int even = to + k;
      int odd = even + part;
      double turnedReal = real[odd] * cosine - imaginary[odd] * sine;
      double turnedImaginary = real[odd] * sine + imaginary[odd] * cosine;
      real[odd] = real[even] - turnedReal;
      imaginary[odd] = imaginary[even] - turnedImaginary;
      real[even] += turnedReal;
      imaginary[even] += turnedImaginary;
    }
  }

  private static int smallestFactor(int count) {
    for (int factor = 2; factor * factor <= count; factor++) {
      if (count % factor == 0) {
        return factor;
      }
    }
    return count;
  }
}
