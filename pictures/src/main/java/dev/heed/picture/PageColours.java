package dev.heed.picture;

import dev.heed.explain.Palette;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * The colours of weights as classes of a style sheet, for light and dark pages: {@code w0} to
 * {@code w32} for weights from 0 to 1, {@code n0} to {@code n32} for what is negative, {@code k0}
 * to {@code k7} for kinds. Text on them is black or white, whichever can be read.
 */
public final class PageColours {
  /** The strongest colour's number. */
  public static final int LEVELS = 32;

  private static final int KINDS = 8;

  private PageColours() {}

  /** The class of a weight; even steps are those of its square root, as {@link Palette}'s. */
  public static String of(float weight) {
    return "w" + level(weight);
  }

  /** The class of a number in [-1, 1]. */
  public static String signed(float value) {
    return (value < 0 ? "n" : "w") + level(Math.abs(value));
  }

  /** The class of a kind, counted from 0. */
  public static String kind(int number) {
    return "k" + Math.floorMod(number, KINDS);
  }

  private static int level(float weight) {
    return (int) Math.round(Math.sqrt(Math.clamp(weight, 0f, 1f)) * LEVELS);
  }

  /** The classes from the weakest to the strongest, every fourth. */
  public static List<String> ramp() {
    List<String> ramp = new ArrayList<>();
    for (int level = 0; level <= LEVELS; level += 4) {
      ramp.add("w" + level);
    }
    return ramp;
  }

  /** The style sheet. */
  public static String styleSheet() {
    return rules("w", LEVELS + 1, level -> Palette.rgb(weight(level)))
        + rules("n", LEVELS + 1, level -> Palette.signed(-weight(level)))
        + rules("k", KINDS, Palette::kind)
        + "@media (prefers-color-scheme:dark){\n"
        + rules("w", LEVELS + 1, level -> Palette.dark(weight(level)))
        + rules("n", LEVELS + 1, level -> Palette.dark(-weight(level)))
        + rules("k", KINDS, Palette::darkKind)
        + "}\n";
  }

  private static float weight(int level) {
    float root = (float) level / LEVELS;
    return root * root;
  }

  private static String rules(String name, int count, IntUnaryOperator colour) {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int rgb = colour.applyAsInt(i);
      rules.append(
          String.format(
              Locale.ROOT,
              ".%s%d{background:#%06x;stroke:#%06x;color:%s}%n",
              name,
              i,
              rgb,
              rgb,
              Palette.isDarkColour(rgb) ? "#fff" : "#000"));
    }
    return rules.toString();
  }
}
