package dev.heed.explain;

/**
 * Colours of weights: white for 0, through blue, to a deep violet for 1, evenly over the square
 * root of the weight, so that small weights can be told apart.
 */
public final class Palette {
  private static final int[][] STOPS = {
    {255, 255, 255}, {198, 219, 239}, {107, 174, 214}, {33, 113, 181}, {49, 20, 110}
  };

  private static final int[][] NEGATIVE = {
    {255, 255, 255}, {253, 219, 199}, {244, 165, 130}, {214, 96, 77}, {103, 0, 31}
  };

  private static final int[][] DARK_STOPS = {
    {0x14, 0x17, 0x1C}, {24, 52, 84}, {43, 98, 158}, {84, 154, 226}, {150, 208, 255}
  };

  private static final int[][] DARK_NEGATIVE = {
    {0x14, 0x17, 0x1C}, {84, 42, 28}, {158, 74, 48}, {226, 120, 82}, {255, 176, 132}
  };

  /** Told apart by people who see red and green alike (Okabe and Ito 2008). */
  private static final int[] KINDS = {
    0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xD55E00, 0x8C7A00, 0x4B4B4B
  };

  private Palette() {}

  /** As {@link #rgb} for what may be negative: from -1 in dark red over white to 1 in violet. */
  public static int signed(float value) {
    return value < 0 ? rgb(-value, NEGATIVE) : rgb(value, STOPS);
  }

  /**
   * As {@link #signed} for dark pages: from almost black for 0 to bright blue for 1 and bright
   * orange for -1.
   */
  public static int dark(float value) {
    return value < 0 ? rgb(-value, DARK_NEGATIVE) : rgb(value, DARK_STOPS);
  }

  /** The colour of a kind, counted from 0; after eight they come again. */
  public static int kind(int number) {
    return KINDS[Math.floorMod(number, KINDS.length)];
  }

  /** As {@link #kind} for dark pages: the same hue, halfway to white. */
  public static int darkKind(int number) {
    return 0x7F7F7F + (kind(number) >> 1 & 0x7F7F7F);
  }

  /** The colour as {@code 0xRRGGBB}; a weight outside [0, 1] takes the nearest end. */
  public static int rgb(float weight) {
    return rgb(weight, STOPS);
  }

  private static int rgb(float weight, int[][] stops) {
    double at = Math.sqrt(Math.clamp(weight, 0f, 1f)) * (stops.length - 1);
    int low = Math.min((int) at, stops.length - 2);
    int colour = 0;
    for (int channel = 0; channel < 3; channel++) {
      double value =
          stops[low][channel] + (at - low) * (stops[low + 1][channel] - stops[low][channel]);
      colour = (colour << 8) | (int) Math.round(value);
    }
    return colour;
  }

  /** Whether text on this weight's colour must be light. */
  public static boolean isDark(float weight) {
    return isDarkColour(rgb(weight));
  }

  /** Whether white can be read on a colour more easily than black (WCAG 2.2's contrast). */
  public static boolean isDarkColour(int rgb) {
    return contrast(rgb, 0xFFFFFF) > contrast(rgb, 0x000000);
  }

  /** The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
  public static double contrast(int a, int b) {
    double lighter = Math.max(luminance(a), luminance(b));
    double darker = Math.min(luminance(a), luminance(b));
    return (lighter + 0.05) / (darker + 0.05);
  }

  /** How bright a colour is, from 0 to 1 (WCAG 2.2, "relative luminance"). */
  private static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16 & 255)
        + 0.7152 * linear(rgb >> 8 & 255)
        + 0.0722 * linear(rgb & 255);
  }

  private static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
