package dev.heed.bench.mechanisms;

import dev.heed.bench.attention.Timing;
import org.jspecify.annotations.Nullable;

/**
 * One mechanism at one length.
 *
 * @param mechanism its name in the catalogue
 * @param length tokens
 * @param causal whether it was built to see earlier tokens only
 * @param forward the forward pass
 * @param training forward and backward, to the input and all parameters
 * @param error against exact attention
 */
record MechanismRow(
    String mechanism,
    int length,
    boolean causal,
    Outcome forward,
    Outcome training,
    Deviation error) {

  /**
   * What one direction gave.
   *
   * @param timing null if it was skipped
   * @param peakMegabytes by how much the first run raised the peak of the process; NaN where the
   *     system does not tell, or if it was skipped
   * @param skipped why it was skipped, or null
   */
  record Outcome(@Nullable Timing timing, double peakMegabytes, @Nullable String skipped) {
    static Outcome skipped(String reason) {
      return new Outcome(null, Double.NaN, reason);
    }
  }

  /**
   * The relative Frobenius norm of what is missing to exact attention with the same projections,
   * {@code ‖y − y*‖ / ‖y*‖}.
   *
   * @param random on independent normal vectors, where attention is nearly uniform
   * @param recurring on few large vectors that come again and again, where attention is selective
   * @param none why there is no error to speak of, or null
   */
  record Deviation(@Nullable Double random, @Nullable Double recurring, @Nullable String none) {
    static Deviation none(String reason) {
      return new Deviation(null, null, reason);
    }
  }

  Outcome outcome(Pass pass) {
    return pass == Pass.FORWARD ? forward : training;
  }
}
