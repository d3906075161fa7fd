package dev.heed.explain.image;

import dev.heed.attention.position.Grid;
import dev.heed.checkpoint.VisibleText;
import dev.heed.explain.Palette;
import dev.heed.explain.TerminalStyle;
import dev.heed.explain.TextWidth;
import dev.heed.explain.image.ImageFocus.Place;
import java.util.List;
import java.util.Locale;

/**
 * Draws attention over an image as lines of text that fit a terminal, in colour where it has it.
 *
 * @param colour whether escape sequences for 24-bit colour may be used
 * @param columns the terminal's width
 */
public record ImageTerminal(boolean colour, int columns) {
  private static final String SHADES = " .:-=+*#%@";
  private static final int MOST_PLACES = 6;
  private static final int CELL = 2;
  private static final int LONGEST_BAR = 30;

  /**
   * The whole picture, each line ended.
   *
   * @param title what was read by what
   */
  public String draw(String title, ImageFocus focus) {
    StringBuilder out = new StringBuilder();
    paragraph(title, out);
    out.append('\n');
    paragraph(focus.heading() + ":", out);
    grid(focus, out);
    paragraph(
        String.format(
            Locale.ROOT,
            "Shades are shares of the largest weight, %.3f%s.",
            focus.largest(),
            focus.patch() >= 0 && same(focus) ? "; the brackets are the patch itself" : ""),
        out);
    out.append('\n');
    for (Place place : focus.strongest(MOST_PLACES)) {
      place(place, focus.largest(), out);
    }
    paragraph(focus.explanation(), out);
    if (focus.head() == ImageAttention.MEAN && focus.attention().heads() > 1) {
      heads(focus, out);
    }
    String note = focus.attention().note();
    if (note != null) {
      out.append('\n');
      paragraph(note, out);
    }
    return out.toString();
  }

  private void paragraph(String text, StringBuilder out) {
    TextWidth.wrap(List.of(VisibleText.of(text).split(" ")), columns)
        .forEach(line -> out.append(line).append('\n'));
  }

  private static boolean same(ImageFocus focus) {
    return focus.attention().places().queries().equals(focus.attention().places().keys());
  }

  /** Each place, or the largest of several where there are more than fit. */
  private void grid(ImageFocus focus, StringBuilder out) {
    Grid grid = focus.attention().places().keys();
    int tile = Math.max(1, Math.ceilDiv(grid.width() * CELL, columns));
    float[] weights = focus.places();
    float largest = focus.largest();
    int own = same(focus) ? focus.patch() : -1;
    for (int top = 0; top < grid.height(); top += tile) {
      for (int left = 0; left < grid.width(); left += tile) {
        float weight = 0;
        boolean here = false;
        for (int row = top; row < Math.min(grid.height(), top + tile); row++) {
          for (int column = left; column < Math.min(grid.width(), left + tile); column++) {
            int place = row * grid.width() + column;
            weight = Math.max(weight, weights[place]);
            here |= place == own;
          }
        }
        out.append(cell(largest == 0 ? 0 : weight / largest, here));
      }
      out.append('\n');
    }
  }

  private String cell(float share, boolean own) {
    if (colour) {
      return new TerminalStyle(true).on(Palette.rgb(share), own ? "[]" : "  ");
    }
    String shade =
        String.valueOf(
            SHADES.charAt(Math.min(SHADES.length() - 1, (int) (share * SHADES.length()))));
    return own ? "[" + (shade.equals(" ") ? "]" : shade) : shade.repeat(CELL);
  }

  private void place(Place place, float largest, StringBuilder out) {
    int length = largest == 0 ? 0 : Math.round(place.weight() / largest * barRoom());
    out.append(
            String.format(
                    Locale.ROOT,
                    "  %.3f  row %d, column %d (pixels %d-%d from the top, %d-%d from the left) "
                        + " %s",
                    place.weight(),
                    place.row(),
                    place.column(),
                    place.top(),
                    place.bottom() - 1,
                    place.left(),
                    place.right() - 1,
                    new TerminalStyle(colour).ink(Palette.rgb(0.3f), "█".repeat(length)))
                .stripTrailing())
        .append('\n');
  }

  private int barRoom() {
    return Math.clamp(columns - 75L, 0, LONGEST_BAR);
  }

  private static void heads(ImageFocus focus, StringBuilder out) {
    out.append("\nEach head's strongest place, and what places get together:\n");
    for (int head = 0; head < focus.attention().heads(); head++) {
      ImageFocus own = focus.in(head);
      Place place = own.strongest(1).getFirst();
      out.append(
          String.format(
              Locale.ROOT,
              "  head %d: row %d, column %d  %.3f of %.3f\n",
              head,
              place.row(),
              place.column(),
              place.weight(),
              own.share()));
    }
  }
}
