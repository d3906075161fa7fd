package dev.heed.text;

/**
 * How long texts are cut into windows.
 *
 * @param most how many tokens a window has at most, added ones included
 * @param stride how many tokens of a text a further window shares with the one before
 * @param strategy which of two texts is cut
 * @param side the end at which the first window cuts
 */
public record Window(int most, int stride, Truncation strategy, Side side) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException for a negative one
   */
  public Window {
    if (most < 0 || stride < 0) {
      throw new IllegalArgumentException(
          "window: expected numbers from zero up, got most " + most + ", stride " + stride);
    }
  }
}
