package dev.heed.picture;

import dev.heed.explain.AttentionView;
import dev.heed.explain.Palette;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;

/** One head's whole map in a picture, with its words and the legend of its colours. */
final class PngHeatMap {
  private static final int LARGEST_CELL = 34;
  private static final int SMALLEST_LABELLED = 9;
  private static final int SMALLEST_NUMBERED = 26;
  private static final int LONGEST_NAME = 110;
  private static final int LEGEND_WIDTH = 240;
  private static final float[] TICKS = {0, 0.05f, 0.25f, 0.5f, 1};
  private static final Font HEADING = PictureFonts.BOLD;
  private static final Font SMALL = PictureFonts.PLAIN.deriveFont(12f);

  private final AttentionView view;
  private final Graphics2D graphics;
  private final PictureFonts fonts;

  PngHeatMap(AttentionView view, Graphics2D graphics, PictureFonts fonts) {
    this.view = view;
    this.graphics = graphics;
    this.fonts = fonts;
  }

  /**
   * Draws it.
   *
   * @param left its left end
   * @param top the base line of its heading
   * @param width at most so wide
   * @return the last base line
   */
  int draw(int left, int top, int width) {
    float[][] cells = view.head();
    List<String> rows = view.queryLabels();
    List<String> columns = view.keyLabels();
    int longest = Math.max(rows.size(), columns.size());
    boolean labelled = (width - LONGEST_NAME) / longest >= SMALLEST_LABELLED;
    Font font = PictureFonts.PLAIN.deriveFont(labelled && longest > 24 ? 10f : 13f);
    int room = labelled ? room(rows, font) : 0;
    int above = labelled ? room(columns, font) : 0;
    int cell = Math.clamp((width - room - 8) / longest, 1, LARGEST_CELL);
    graphics.setColor(PngPicture.INK);
    fonts.draw(
        graphics,
        HEADING,
        String.format(
            Locale.ROOT,
            "Layer %d, head %d: rows attend to columns",
            view.focus().layer(),
            view.focus().head()),
        left,
        top);
    int x = left + room + 8;
    int y = top + 18 + above;
    for (int i = 0; i < cells.length; i++) {
      if (labelled) {
        row(rows.get(i), font, x, y + i * cell + cell / 2);
      }
      for (int j = 0; j < columns.size(); j++) {
        cell(cells[i][j], x + j * cell, y + i * cell, cell);
      }
    }
    for (int j = 0; labelled && j < columns.size(); j++) {
      column(columns.get(j), font, x + j * cell + cell / 2, y);
    }
    graphics.setColor(PngPicture.PALE);
    graphics.setStroke(new BasicStroke(1));
    graphics.drawRect(x - 1, y - 1, cell * columns.size() + 1, cell * rows.size() + 1);
    return legend(x, y + cell * rows.size() + 14);
  }

  private int room(List<String> names, Font font) {
    int room = 0;
    for (String name : names) {
      room = Math.max(room, fonts.width(graphics, font, name));
    }
    return Math.min(room, LONGEST_NAME);
  }

  private void cell(float weight, int x, int y, int side) {
    graphics.setColor(new Color(Palette.rgb(weight)));
    graphics.fillRect(x, y, side, side);
    if (side >= SMALLEST_NUMBERED && weight >= 0.05f) {
      String number = String.format(Locale.ROOT, "%.2f", weight).replace("0.", ".");
      int width = fonts.width(graphics, SMALL, number);
      graphics.setColor(Palette.isDark(weight) ? Color.WHITE : Color.BLACK);
      fonts.draw(graphics, SMALL, number, x + (side - width) / 2, y + side / 2 + 4);
    }
  }

  /** A name before its row. */
  private void row(String name, Font font, int x, int middle) {
    String shown = cut(name, font);
    graphics.setColor(PngPicture.INK);
    int width = fonts.width(graphics, font, shown);
    fonts.draw(graphics, font, shown, x - 6 - width, middle + down(shown, font));
  }

  /** A name above its column, turned. */
  private void column(String name, Font font, int middle, int y) {
    String shown = cut(name, font);
    Graphics2D turned = (Graphics2D) graphics.create();
    turned.setColor(PngPicture.INK);
    turned.translate(middle + down(shown, font), y - 6);
    turned.rotate(-Math.PI / 2);
    fonts.draw(turned, font, shown, 0, 0);
    turned.dispose();
  }

  private String cut(String name, Font font) {
    String shown = name;
    while (shown.length() > 2 && fonts.width(graphics, font, shown) > LONGEST_NAME) {
      shown = shown.substring(0, shown.length() - 2) + "…";
    }
    return shown;
  }

  /** From the middle of a line of letters to its base. */
  private int down(String text, Font font) {
    FontMetrics metrics = fonts.metrics(graphics, font, text);
    return (metrics.getAscent() - metrics.getDescent()) / 2;
  }

  /** The colours of weights from 0 to 1, evenly over their square roots. */
  private int legend(int left, int top) {
    for (int i = 0; i < LEGEND_WIDTH; i++) {
      float root = (float) i / (LEGEND_WIDTH - 1);
      graphics.setColor(new Color(Palette.rgb(root * root)));
      graphics.fillRect(left + i, top, 1, 12);
    }
    graphics.setColor(PngPicture.PALE);
    graphics.drawRect(left - 1, top - 1, LEGEND_WIDTH + 1, 13);
    for (float tick : TICKS) {
      String number = String.format(Locale.ROOT, tick == 0 || tick == 1 ? "%.0f" : "%.2f", tick);
      int at = left + (int) Math.round(Math.sqrt(tick) * (LEGEND_WIDTH - 1));
      int width = fonts.width(graphics, SMALL, number);
      fonts.draw(graphics, SMALL, number, at - width / 2, top + 28);
    }
    fonts.draw(graphics, SMALL, "weight", left + LEGEND_WIDTH + 14, top + 11);
    return top + 28;
  }
}
