package dev.heed.explain.edit;

/**
 * What a model says of a text.
 *
 * @param probabilities of the classes, or of the tokens that may come next; empty for a model that
 *     gives vectors only
 * @param states after the last layer, {@code [token][size]}
 */
public record Said(double[] probabilities, double[][] states) {
  /** The class or token with the highest probability; -1 for vectors. */
  public int best() {
    int best = probabilities.length == 0 ? -1 : 0;
    for (int i = 1; i < probabilities.length; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return best;
  }

  /** The mean of the states over the tokens. */
  public double[] mean() {
    double[] mean = new double[states[0].length];
    for (double[] state : states) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += state[i] / states.length;
      }
    }
    return mean;
  }

  /** {@code 1 - cos} of each token's state to that of another run. */
  public double[] changes(Said other) {
    double[] changes = new double[states.length];
    for (int token = 0; token < changes.length; token++) {
      changes[token] = 1 - cosine(states[token], other.states[token]);
    }
    return changes;
  }

  /** The cosine of two vectors of one size; 0 where one of them is zero. */
  public static double cosine(double[] one, double[] two) {
    double both = 0;
    double ones = 0;
    double twos = 0;
    for (int i = 0; i < one.length; i++) {
      both += one[i] * two[i];
      ones += one[i] * one[i];
      twos += two[i] * two[i];
    }
    return ones == 0 || twos == 0 ? 0 : both / Math.sqrt(ones * twos);
  }
}
