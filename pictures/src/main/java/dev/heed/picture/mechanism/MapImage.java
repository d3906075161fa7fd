package dev.heed.picture.mechanism;

import dev.heed.explain.Palette;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.util.Locale;

/** A map with the names of its rows and columns, its groups and its legend. */
final class MapImage extends PanelImage {
  private static final int LETTER = 8;
  private static final int ROW_BANDS = 80;
  private static final int LABEL = 20;
  private static final int BANDS = 20;
  private static final int LEGEND_LINE = 20;
  private static final int LARGEST_CELL = 40;
  private static final int NAMED_CELL = 12;
  private static final int BAR = 220;

  private final CellColour cells;
  private final MapPanel map;
  private final int cell;
  private final int left;
  private final int top;

  MapImage(CellColour cells) {
    super(cells.map());
    this.cells = cells;
    this.map = cells.map();
    this.left = LABEL + room(map.rows());
    int rowBands = map.rows().bands().isEmpty() ? 0 : ROW_BANDS;
    this.cell =
        Math.clamp(
            (WIDTH - left - rowBands) / Math.max(map.columns().size(), map.rows().size()),
            1,
            LARGEST_CELL);
    int bands = map.columns().bands().isEmpty() ? 0 : BANDS;
    this.top = HEAD + LABEL + room(map.columns()) + bands;
  }

  private static int room(Axis axis) {
    int longest = axis.names().stream().mapToInt(String::length).max().orElse(0);
    return 14 + LETTER * longest;
  }

  @Override
  int height() {
    int lines = map.kind() == MapKind.CLASSES ? Math.ceilDiv(map.classes().size(), 2) : 1;
    return top + cell * map.rows().size() + 14 + LEGEND_LINE * (lines + 1);
  }

  @Override
  void body(Graphics2D graphics) {
    cells(graphics);
    rows(graphics);
    columns(graphics);
    legend(graphics, top + cell * map.rows().size() + 22);
  }

  private void cells(Graphics2D graphics) {
    for (int row = 0; row < map.rows().size(); row++) {
      for (int column = 0; column < map.columns().size(); column++) {
        graphics.setColor(new Color(cells.rgb(row, column)));
        int gap = map.kind().categorical() && cell > 4 ? 1 : 0;
        graphics.fillRect(left + column * cell, top + row * cell, cell - gap, cell - gap);
      }
    }
    graphics.setColor(PALE);
    int width = cell * map.columns().size();
    graphics.drawRect(left - 1, top - 1, width + 1, cell * map.rows().size() + 1);
  }

  private void rows(Graphics2D graphics) {
    FontMetrics metrics = graphics.getFontMetrics();
    graphics.setColor(INK);
    int step = step();
    for (int row = 0; row < map.rows().size(); row += step) {
      String name = map.rows().names().get(row);
      int base = top + row * cell + cell / 2 + metrics.getAscent() / 2 - 1;
      graphics.drawString(name, left - 7 - metrics.stringWidth(name), base);
    }
    turned(graphics, map.rows().label(), 12, top + cell * map.rows().size() / 2, true);
    for (Axis.Band band : map.rows().bands()) {
      int from = top + band.from() * cell;
      int right = left + cell * map.columns().size() + 6;
      graphics.setColor(PALE);
      graphics.drawLine(right, from + 2, right, top + band.to() * cell - 3);
      graphics.drawString(band.name(), right + 5, from + metrics.getAscent());
    }
  }

  private void columns(Graphics2D graphics) {
    FontMetrics metrics = graphics.getFontMetrics();
    for (int column = 0; column < map.columns().size(); column += step()) {
      int middle = left + column * cell + cell / 2 + metrics.getAscent() / 2 - 1;
      graphics.setColor(INK);
      turned(graphics, map.columns().names().get(column), middle, top - 7, false);
    }
    int width = cell * map.columns().size();
    String label = map.columns().label();
    graphics.setColor(PALE);
    graphics.drawString(
        label, left + Math.max(0, width - metrics.stringWidth(label)) / 2, HEAD + 12);
    for (Axis.Band band : map.columns().bands()) {
      int from = left + band.from() * cell;
      int base = HEAD + LABEL + 12;
      graphics.drawLine(from + 1, base + 4, left + band.to() * cell - 3, base + 4);
      if (metrics.stringWidth(band.name()) <= (band.to() - band.from()) * cell) {
        graphics.drawString(band.name(), from + 1, base);
      }
    }
  }

  /** Every which name is written, so that they do not overlap. */
  private int step() {
    return Math.ceilDiv(NAMED_CELL, cell);
  }

  /** Text from below upwards, beginning at a place or around it. */
  private static void turned(Graphics2D graphics, String text, int x, int y, boolean centred) {
    Graphics2D turned = (Graphics2D) graphics.create();
    turned.translate(x, y);
    turned.rotate(-Math.PI / 2);
    int start = centred ? -turned.getFontMetrics().stringWidth(text) / 2 : 0;
    turned.setColor(centred ? PALE : INK);
    turned.drawString(text, start, 0);
    turned.dispose();
  }

  private void legend(Graphics2D graphics, int y) {
    switch (map.kind()) {
      case MASK -> kinds(graphics, y, "may attend");
      case CLASSES -> kinds(graphics, y, map.classes().toArray(String[]::new));
      default -> bar(graphics, y);
    }
  }

  private void kinds(Graphics2D graphics, int y, String... names) {
    for (int i = 0; i < names.length; i++) {
      int x = left + i % 2 * 250;
      int line = y + i / 2 * LEGEND_LINE;
      graphics.setColor(new Color(Palette.kind(i)));
      graphics.fillRect(x, line - 4, 14, 14);
      graphics.setColor(INK);
      graphics.drawString(names[i], x + 20, line + 8);
    }
  }

  private void bar(Graphics2D graphics, int y) {
    double from = map.signed() ? -cells.scale() : 0;
    for (int x = 0; x < BAR; x++) {
      double value = from + (cells.scale() - from) * x / (BAR - 1);
      graphics.setColor(new Color(cells.ofValue(value)));
      graphics.drawLine(left + x, y - 2, left + x, y + 10);
    }
    graphics.setColor(PALE);
    graphics.drawRect(left - 1, y - 3, BAR + 1, 14);
    graphics.setColor(INK);
    String text =
        String.format(
            Locale.ROOT, "%s to %s (square-root scale)", number(from), number(cells.scale()));
    graphics.drawString(text, left + BAR + 10, y + 9);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3g", value + 0.0);
  }
}
