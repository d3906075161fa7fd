package dev.heed.audio;

import dev.heed.tensor.Tensor;

/**
 * Kaldi's logarithmic filter banks: frames of 25 ms every 10 ms, only whole ones; each without its
 * mean, with higher frequencies raised ({@code x(i) - 0.97·x(i-1)}), under a window; power in
 * Kaldi's filters; the natural logarithm.
 *
 * <p>Source: Kaldi, {@code feat/feature-window.cc}, {@code feature-fbank.cc} and {@code
 * mel-computations.cc}, with their defaults but for dithering, which is off.
 */
final class KaldiFilterBank {
  /** The windows that extractors ask for. */
  enum Window {
    /** Hann's, to the power of 0.85. */
    POVEY(0.85),
    /** Hann's. */
    HANN(1);

    private final double power;

    Window(double power) {
      this.power = power;
    }

    private double[] of(int length) {
      double[] window = new double[length];
      for (int i = 0; i < length; i++) {
        window[i] = Math.pow(0.5 - 0.5 * Math.cos(2 * Math.PI * i / (length - 1)), power);
      }
      return window;
    }
  }

  private static final double RAISED = 0.97;

  /** What a float can tell from 1. */
  private static final double FLOOR = 1.1920928955078125e-7;

  private final int frame;
  private final int hop;
  private final double scale;
  private final double[] window;
  private final Fourier fourier;
  private final MelFilters filters;
  private final int transform;

  /**
   * Prepares the tables.
   *
   * @param rate samples a second
   * @param filters how many filters
   * @param scale what samples in [-1, 1] are multiplied by: 32768 where the models were trained on
   *     16-bit numbers
   */
  KaldiFilterBank(int rate, int filters, Window window, double scale) {
    this.frame = rate * 25 / 1000;
    this.hop = rate * 10 / 1000;
    this.transform = Integer.highestOneBit(frame - 1) * 2;
    this.scale = scale;
    this.window = window.of(frame);
    this.fourier = new Fourier(transform);
    this.filters = MelFilters.kaldi(transform, filters, rate);
  }

  /** The filters' weights, {@code f64[bins, filters]}, owned by the current scope. */
  Tensor weights() {
    return filters.tensor();
  }

  /**
   * Computes a sound's features.
   *
   * @return {@code [T, F]}
   * @throws IllegalArgumentException if the sound is shorter than a frame
   */
  double[][] features(float[] samples) {
    if (samples.length < frame) {
      throw new IllegalArgumentException(
          "a sound: expected at least " + frame + " samples (25 ms), got " + samples.length);
    }
    double[][] features = new double[1 + (samples.length - frame) / hop][];
    for (int t = 0; t < features.length; t++) {
      features[t] = filters.apply(fourier.power(prepared(samples, t * hop)));
      for (int f = 0; f < features[t].length; f++) {
        features[t][f] = Math.log(Math.max(FLOOR, features[t][f]));
      }
    }
    return features;
  }

  private double[] prepared(float[] samples, int from) {
    double[] buffer = new double[transform];
    double sum = 0;
    for (int i = 0; i < frame; i++) {
      buffer[i] = samples[from + i] * scale;
      sum += buffer[i];
    }
    double mean = sum / frame;
    for (int i = frame - 1; i > 0; i--) {
      buffer[i] = (buffer[i] - mean - RAISED * (buffer[i - 1] - mean)) * window[i];
    }
    buffer[0] = (buffer[0] - mean) * (1 - RAISED) * window[0];
    return buffer;
  }
}
