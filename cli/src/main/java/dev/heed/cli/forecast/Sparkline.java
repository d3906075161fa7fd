package dev.heed.cli.forecast;

import java.util.Arrays;

/** Numbers as a row of small bars. */
final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final char MISSING = ' ';

  private Sparkline() {}

  /**
   * Two rows of bars on one scale, with a line between them.
   *
   * @param before NaN where there is no value
   * @param after what follows
   * @param columns how many bars of the first are shown, its last ones
   */
  static String of(double[] before, double[] after, int columns) {
    double[] shown =
        Arrays.copyOfRange(before, Math.max(0, before.length - columns), before.length);
    double[] all = new double[shown.length + after.length];
    System.arraycopy(shown, 0, all, 0, shown.length);
    System.arraycopy(after, 0, all, shown.length, after.length);
    double least = Arrays.stream(all).filter(Double::isFinite).min().orElse(0);
    double most = Arrays.stream(all).filter(Double::isFinite).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < all.length; i++) {
      if (i == shown.length) {
        text.append('│');
      }
      text.append(bar(all[i], least, most));
    }
    return text.toString();
  }

  private static char bar(double value, double least, double most) {
    if (!Double.isFinite(value)) {
      return MISSING;
    }
    double share = most > least ? (value - least) / (most - least) : 0.5;
    return BARS.charAt((int) Math.min(BARS.length() - 1, Math.floor(share * BARS.length())));
  }
}
