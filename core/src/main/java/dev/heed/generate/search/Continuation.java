package dev.heed.generate.search;

/**
 * What a decoder computed from the tokens it was fed.
 *
 * @param scores {@code [rows][1 or n][vocabulary]}: logits after the last, or after each, token
 * @param states {@code [rows][n][width]}: the last layer's states; empty if none were wanted
 */
public record Continuation(double[][][] scores, float[][][] states) {
  /** Scores alone. */
  public Continuation(double[][][] scores) {
    this(scores, new float[0][][]);
  }

  /** The scores of what may follow a row's last token; the caller may change them. */
  public double[] last(int row) {
    return scores[row][scores[row].length - 1];
  }
}
