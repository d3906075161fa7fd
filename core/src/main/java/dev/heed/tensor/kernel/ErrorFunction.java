package dev.heed.tensor.kernel;

/** {@code erf(x) = 2/√π · ∫₀ˣ exp(-t²) dt}, in double precision. */
public final class ErrorFunction {
  /** From here on the continued fraction needs fewer terms than the series. */
  private static final double FAR = 3;

  /** {@code erfc} of this is less than half a unit in the last place of 1. */
  private static final double ONE = 6;

  private static final int TERMS = 200;
  private static final int DEPTH = 60;

  private ErrorFunction() {}

  /** The value for one number. */
  public static double of(double x) {
    double size = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    double value = size < FAR ? series(size) : size < ONE ? 1 - complement(size) : 1;
    return Math.copySign(value, x);
  }

  /**
   * {@code 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1))}, whose terms are all positive (Abramowitz
   * and Stegun, 7.1.6).
   */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < TERMS && term > sum * 1e-17; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** {@code exp(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …))))} (7.1.14). */
  private static double complement(double x) {
    double fraction = x;
    for (int k = DEPTH; k >= 1; k--) {
      fraction = x + 0.5 * k / fraction;
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
  }
}
