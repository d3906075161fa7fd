package dev.heed.explain;

/**
 * Colours of weights: white for 0, through blue, to a deep violet for 1, evenly over the square
 * root of the weight, so that small weights can be told apart.
 */
final class Palette {
  private static final int[][] STOPS = {
    {255, 255, 255}, {198, 219, 239}, {107, 174, 214}, {33, 113, 181}, {49, 20, 110}
  };

  private Palette() {}

  /** The colour as {@code 0xRRGGBB}; a weight outside [0, 1] takes the nearest end. */
  static int rgb(float weight) {
    double at = Math.sqrt(Math.clamp(weight, 0f, 1f)) * (STOPS.length - 1);
    int low = Math.min((int) at, STOPS.length - 2);
    int colour = 0;
    for (int channel = 0; channel < 3; channel++) {
      double value =
          STOPS[low][channel] + (at - low) * (STOPS[low + 1][channel] - STOPS[low][channel]);
      colour = (colour << 8) | (int) Math.round(value);
    }
    return colour;
  }

  /** Whether text on this weight's colour must be light. */
  static boolean isDark(float weight) {
    return weight > 0.3f;
  }
}
