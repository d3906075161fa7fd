package dev.heed.vision;

/**
 * Which pixels along one dimension make each new one, and with what weights.
 *
 * @param first by new pixel, the first old one
 * @param weights by new pixel, those of the old ones from there on; they sum to 1
 */
@SuppressWarnings("ArrayRecordComponent") // a table for two loops, compared by nobody
record Taps(int[] first, double[][] weights) {
  /** The taps from {@code in} pixels to {@code out}. */
  static Taps of(int in, int out, Resampling filter) {
    double scale = (double) in / out;
    double wide = Math.max(scale, 1);
    double support = filter.support() * wide;
    double inverse = 1 / wide;
    int[] first = new int[out];
    double[][] weights = new double[out][];
    for (int i = 0; i < out; i++) {
      double middle = (i + 0.5) * scale;
      first[i] = Math.max(0, (int) (middle - support + 0.5));
      int end = Math.min(in, (int) (middle + support + 0.5));
      weights[i] = normalised(filter, end - first[i], first[i] - middle + 0.5, inverse);
    }
    return new Taps(first, weights);
  }

  private static double[] normalised(Resampling filter, int count, double from, double inverse) {
    double[] weights = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = filter.weight((i + from) * inverse);
      sum += weights[i];
    }
    for (int i = 0; i < count && sum != 0; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /** The weights as whole numbers of so many fractional bits, halves away from zero. */
  int[][] fixed(int fraction) {
    int[][] fixed = new int[weights.length][];
    for (int i = 0; i < fixed.length; i++) {
      fixed[i] = new int[weights[i].length];
      for (int j = 0; j < fixed[i].length; j++) {
        double scaled = weights[i][j] * (1 << fraction);
        fixed[i][j] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
      }
    }
    return fixed;
  }
}
