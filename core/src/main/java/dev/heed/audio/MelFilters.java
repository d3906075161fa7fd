package dev.heed.audio;

import dev.heed.tensor.Tensor;
import java.util.Arrays;

/**
 * Triangles over the frequencies of a spectrum, evenly spaced to the ear.
 *
 * <p>Source: M. Slaney, Auditory Toolbox (1998), as librosa has it; Kaldi, {@code
 * mel-computations}.
 *
 * @param weights {@code [bins, filters]}
 */
@SuppressWarnings("ArrayRecordComponent") // a table for one loop, compared by nobody
record MelFilters(double[][] weights) {
  private static final double STEP = 200 / 3.0;
  private static final double BREAK = 1000;
  private static final double LOG_STEP = Math.log(6.4) / 27;

  /**
   * Slaney's filters from 0 to a frequency: linear to 1 kHz and logarithmic above, each of area 1.
   *
   * @param bins how many frequencies from 0 to half the rate
   * @param filters how many triangles
   * @param highest where the last one ends, in Hz
   */
  static MelFilters slaney(int bins, int filters, int rate, double highest) {
    double[] edges = new double[filters + 2];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = fromSlaney(toSlaney(highest) * i / (filters + 1));
    }
    double[][] weights = new double[bins][filters];
    for (int bin = 0; bin < bins; bin++) {
      double frequency = rate / 2.0 * bin / (bins - 1);
      for (int f = 0; f < filters; f++) {
        double area = 2 / (edges[f + 2] - edges[f]);
        weights[bin][f] = area * triangle(frequency, edges[f], edges[f + 1], edges[f + 2]);
      }
    }
    return new MelFilters(weights);
  }

  /**
   * Kaldi's filters: triangles over {@link KaldiScale}, of height 1, from 20 Hz to half the rate.
   *
   * @param length of the transform
   * @param filters how many triangles
   */
  static MelFilters kaldi(int length, int filters, int rate) {
    double lowest = KaldiScale.mel(KaldiScale.LOWEST);
    double step = KaldiScale.step(filters, rate);
    double[][] weights = new double[length / 2 + 1][filters];
    for (int bin = 0; bin < length / 2; bin++) {
      double mel = KaldiScale.mel((double) rate * bin / length);
      for (int f = 0; f < filters; f++) {
        double left = lowest + f * step;
        weights[bin][f] = triangle(mel, left, left + step, left + 2 * step);
      }
    }
    return new MelFilters(weights);
  }

  /** The weights as a tensor, {@code f64[bins, filters]}, owned by the current scope. */
  Tensor tensor() {
    double[] all = Arrays.stream(weights).flatMapToDouble(Arrays::stream).toArray();
    return Tensor.of(all, weights.length, weights[0].length);
  }

  /** The energy in each filter. */
  double[] apply(double[] power) {
    double[] energies = new double[weights[0].length];
    for (int bin = 0; bin < power.length; bin++) {
      for (int f = 0; f < energies.length; f++) {
        energies[f] += power[bin] * weights[bin][f];
      }
    }
    return energies;
  }

  private static double triangle(double x, double left, double top, double right) {
    return Math.max(0, Math.min((x - left) / (top - left), (right - x) / (right - top)));
  }

  private static double toSlaney(double frequency) {
    return frequency < BREAK
        ? frequency / STEP
        : BREAK / STEP + Math.log(frequency / BREAK) / LOG_STEP;
  }

  private static double fromSlaney(double mel) {
    return mel < BREAK / STEP ? mel * STEP : BREAK * Math.exp(LOG_STEP * (mel - BREAK / STEP));
  }
}
