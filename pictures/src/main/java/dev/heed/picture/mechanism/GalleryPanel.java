package dev.heed.picture.mechanism;

import dev.heed.explain.Palette;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;

/**
 * One map of a gallery's page: the mechanism's name, what is shown, what the numbers are; below it
 * what its kinds of cells mean, if it has kinds.
 *
 * @param title the mechanism
 * @param cells the map and its colours
 */
record GalleryPanel(String title, CellColour cells) {
  /** Rows of pixels above and below the map. */
  static final int EXTRA = 102;

  private static final int HEAD = 74;

  /** Long lines are set in smaller letters, down to this share, before they are cut. */
  private static final double SMALLEST = 0.8;

  private static final Font NAME = new Font(Font.SANS_SERIF, Font.BOLD, 19);
  private static final Font SHOWN = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
  private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  MapPanel map() {
    return cells.map();
  }

  /** Draws it into a square and the rows above and below. */
  void draw(Graphics2D graphics, int left, int top, int side) {
    text(graphics, NAME, PanelImage.INK, title, left, top + 18, side);
    text(graphics, SHOWN, PanelImage.INK, map().title(), left, top + 40, side);
    Color ink = PanelImage.warns(map()) ? PanelImage.WARNING : PanelImage.PALE;
    text(graphics, SMALL, ink, mark(), left, top + 60, side);
    int largest = Math.max(map().rows().size(), map().columns().size());
    for (int row = 0; row < map().rows().size(); row++) {
      for (int column = 0; column < map().columns().size(); column++) {
        int x = column * side / largest;
        int y = row * side / largest;
        graphics.setColor(new Color(cells.rgb(row, column)));
        graphics.fillRect(
            left + x,
            top + HEAD + y,
            (column + 1) * side / largest - x,
            (row + 1) * side / largest - y);
      }
    }
    graphics.setColor(PanelImage.PALE);
    int width = map().columns().size() * side / largest;
    int height = map().rows().size() * side / largest;
    graphics.drawRect(left - 1, top + HEAD - 1, width + 1, height + 1);
    kinds(graphics, left, top + HEAD + height + 8, side);
  }

  private String mark() {
    String axes = map().rows().label() + " × " + map().columns().label();
    String kind =
        switch (map().kind()) {
          case SOFTMAX -> "softmax";
          case ESTIMATE -> "not a softmax: estimates one";
          case NOT_SOFTMAX -> "not a softmax";
          case INFLUENCE -> "not a softmax: derivatives";
          case MASK, CLASSES -> "pattern";
          case SCORES -> "scores";
          case NUMBERS -> "numbers";
        };
    return map().kind().categorical()
        ? kind + ", " + axes
        : String.format(Locale.ROOT, "%s, %s, scale %.3g", kind, axes, cells.scale());
  }

  private void kinds(Graphics2D graphics, int left, int y, int side) {
    List<String> names = map().classes();
    int x = left;
    for (int i = 0; i < names.size(); i++) {
      graphics.setColor(new Color(Palette.kind(i)));
      graphics.fillRect(x, y, 13, 13);
      int room = left + (i + 1) * side / names.size() - x - 24;
      x += 19;
      x += text(graphics, SMALL, PanelImage.INK, names.get(i), x, y + 12, room) + 16;
    }
  }

  /** Draws as much of a text as fits, and returns its width. */
  private static int text(
      Graphics2D graphics, Font font, Color colour, String text, int left, int base, int room) {
    Font fitting = font;
    while (graphics.getFontMetrics(fitting).stringWidth(text) > room
        && fitting.getSize() > SMALLEST * font.getSize()) {
      fitting = fitting.deriveFont(fitting.getSize2D() - 1);
    }
    FontMetrics metrics = graphics.getFontMetrics(fitting);
    String shown = text;
    while (metrics.stringWidth(shown) > room && shown.length() > 2) {
      shown = shown.substring(0, shown.length() - 2) + "…";
    }
    PictureImage.text(graphics, fitting, colour, shown, left, base);
    return metrics.stringWidth(shown);
  }
}
