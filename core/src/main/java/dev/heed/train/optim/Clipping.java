package dev.heed.train.optim;

/**
 * How the gradients of one step are clipped while they are read.
 *
 * @param norm of all gradients before clipping: of the clip's degree, or Euclidean; NaN or infinite
 *     if a gradient is
 * @param factor what each gradient is multiplied by, a scale included
 * @param limit then moved into {@code [-limit, limit]}; infinite for no limit
 * @param active whether the norm was too large, or an element may have been
 */
public record Clipping(double norm, double factor, double limit, boolean active) {

  void apply(double[] gradients, int length) {
    if (factor != 1) {
      for (int i = 0; i < length; i++) {
        gradients[i] *= factor;
      }
    }
    if (limit < Double.POSITIVE_INFINITY) {
      for (int i = 0; i < length; i++) {
        gradients[i] = Math.max(-limit, Math.min(limit, gradients[i]));
      }
    }
  }
}
