package dev.heed.evaluate;

/** The standard normal distribution, to about 15 digits. */
final class NormalDistribution {
  private static final double FAR = 8.5;

  private NormalDistribution() {}

  /**
   * Φ: how probable a value below z is, by {@code 1/2 + φ(z) Σ z^(2k+1) / (2k+1)!!} (Marsaglia,
   * Evaluating the Normal Distribution, Journal of Statistical Software 2004).
   */
  static double below(double z) {
    if (Math.abs(z) > FAR) {
      return z > 0 ? 1 : 0;
    }
    double sum = z;
    double term = z;
    double before = Double.NaN;
    for (int odd = 3; sum != before && !Double.isNaN(sum); odd += 2) {
      before = sum;
      term *= z * z / odd;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The value below which another is with this probability; infinite for 0 and 1. */
  static double quantile(double probability) {
    if (!(probability > 0 && probability < 1)) {
      return probability == 0
          ? Double.NEGATIVE_INFINITY
          : probability == 1 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    double low = -FAR;
    double high = FAR;
    for (double middle = 0; low < middle && middle < high; middle = (low + high) / 2) {
      double below = below(middle);
      if (below == probability) {
        return middle;
      }
      low = below < probability ? middle : low;
      high = below < probability ? high : middle;
    }
    return (low + high) / 2;
  }
}
