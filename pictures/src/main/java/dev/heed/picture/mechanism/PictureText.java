package dev.heed.picture.mechanism;

import dev.heed.explain.Palette;
import dev.heed.explain.TerminalStyle;
import dev.heed.explain.TextWidth;
import java.util.List;
import java.util.Locale;

/**
 * Draws pictures of mechanisms as lines of text, in colour where the terminal has it.
 *
 * <p>Without colour a weight is a shade from a dot (nothing) to a full block (the largest), and a
 * minus stands before what is negative.
 *
 * @param colour whether escape sequences for 24-bit colour may be used
 * @param columns the terminal's width
 */
public record PictureText(boolean colour, int columns) {
  private static final String[] SHADES = {"·", "░", "▒", "▓", "█"};
  private static final double VISIBLE = 0.005;

  /** Plots are so many characters high. */
  private static final int PLOT_HEIGHT = 9;

  /** The whole picture, each line ended. */
  public String draw(MechanismPicture picture) {
    StringBuilder out = new StringBuilder();
    for (Panel panel : picture.panels()) {
      lines("", panel.title(), out);
      lines("  ", panel.mark(), out);
      switch (panel) {
        case MapPanel map -> map(CellColour.of(picture, map), out);
        case CurvePanel curves -> curves(curves, out);
      }
      out.append('\n');
    }
    lines("", picture.example() + ".", out);
    return out.toString();
  }

  /** Text in lines that fit. */
  private void lines(String indent, String text, StringBuilder out) {
    TextWidth.wrap(List.of(text.split(" ")), columns - indent.length())
        .forEach(line -> out.append(indent).append(line).append('\n'));
  }

  private void map(CellColour cells, StringBuilder out) {
    MapPanel map = cells.map();
    int width = map.rows().names().stream().mapToInt(String::length).max().orElse(0);
    int fitting = Math.clamp((columns - Math.max(1, width) - 3) / 2, 1, map.columns().size());
    lines("  ", "rows: " + map.rows().label() + ", columns: " + map.columns().label(), out);
    bands(map.columns(), width, out);
    for (int row = 0; row < map.rows().size(); row++) {
      out.append(
          String.format(
              Locale.ROOT, "  %" + Math.max(1, width) + "s ", map.rows().names().get(row)));
      for (int column = 0; column < fitting; column++) {
        out.append(cell(cells, row, column));
      }
      out.append(rowBand(map.rows(), row)).append('\n');
    }
    if (fitting < map.columns().size()) {
      lines(
          "  ",
          String.format(
              Locale.ROOT,
              "Only the first %d of %d columns fit; --png and --html show all.",
              fitting,
              map.columns().size()),
          out);
    }
    legend(cells, out);
  }

  /** The names of groups of columns, above their first column, as far as they fit. */
  private void bands(Axis axis, int width, StringBuilder out) {
    if (axis.bands().isEmpty()) {
      return;
    }
    StringBuilder line = new StringBuilder(" ".repeat(Math.max(1, width) + 3));
    for (Axis.Band band : axis.bands()) {
      int room = 2 * (band.to() - band.from());
      String name = "|" + band.name();
      line.append(
          String.format(
              Locale.ROOT, "%-" + room + "s", name.substring(0, Math.min(room, name.length()))));
    }
    out.append(TextWidth.cut(line.toString(), columns).stripTrailing()).append('\n');
  }

  private static String rowBand(Axis axis, int row) {
    return axis.bands().stream()
        .filter(band -> band.from() == row)
        .map(band -> "  " + band.name())
        .findFirst()
        .orElse("");
  }

  private String cell(CellColour cells, int row, int column) {
    double value = cells.map().at(row, column);
    if (colour) {
      return style().on(cells.rgb(row, column), "  ");
    }
    return switch (cells.map().kind()) {
      case MASK -> value == 0 ? "· " : "██";
      case CLASSES -> value == 0 ? "· " : kind((int) value);
      default -> shade(cells.share(value));
    };
  }

  /** Two letters of a kind: the same letter twice. */
  private static String kind(int number) {
    return String.valueOf((char) ('a' + number - 1)).repeat(2);
  }

  private static String shade(float share) {
    if (Math.abs(share) < VISIBLE) {
      return SHADES[0] + " ";
    }
    int level = 1 + (int) Math.min(3, Math.sqrt(Math.abs(share)) * 4);
    return share < 0 ? "-" + SHADES[level] : SHADES[level].repeat(2);
  }

  private void legend(CellColour cells, StringBuilder out) {
    MapPanel map = cells.map();
    switch (map.kind()) {
      case MASK -> {}
      case CLASSES -> {
        for (int i = 0; i < map.classes().size(); i++) {
          String drawn = colour ? style().on(Palette.kind(i), "  ") : kind(i + 1);
          out.append("  ").append(drawn).append(' ').append(map.classes().get(i)).append('\n');
        }
      }
      default ->
          out.append(
              String.format(
                  Locale.ROOT,
                  "  from %.3g to %.3g; the strongest colour is %.3g%n",
                  map.least() + 0.0,
                  map.largest() + 0.0,
                  cells.scale()));
    }
  }

  /** Curves as dots, four to a character's height and two to its width (braille). */
  private void curves(CurvePanel panel, StringBuilder out) {
    double least = panel.least();
    double range = Math.max(panel.largest() - least, Double.MIN_NORMAL);
    int width = Math.clamp((panel.length() + 1) / 2, 1, Math.max(1, columns - 12));
    for (int i = 0; i < panel.curves().size(); i++) {
      CurvePanel.Curve curve = panel.curves().get(i);
      List<Double> values = curve.values();
      int[][] dots = new int[PLOT_HEIGHT][width];
      int before = place(values.getFirst(), least, range);
      for (int x = 0; x < values.size(); x++) {
        int here = place(values.get(x), least, range);
        // A steep step is drawn from the place before, so that the curve does not break.
        int from = here > before ? before + 1 : here < before ? before - 1 : here;
        int column = x * 2 * width / values.size();
        for (int y = Math.min(from, here); y <= Math.max(from, here); y++) {
          dots[y / 4][column / 2] |= braille(column % 2, y % 4);
        }
        before = here;
      }
      out.append("  ").append(ink(i, curve.name())).append('\n');
      for (int row = 0; row < PLOT_HEIGHT; row++) {
        out.append(
            String.format(
                Locale.ROOT,
                "  %9s ",
                row == 0 ? number(panel.largest()) : row == PLOT_HEIGHT - 1 ? number(least) : ""));
        StringBuilder line = new StringBuilder();
        for (int dot : dots[row]) {
          line.append((char) (0x2800 + dot));
        }
        out.append(ink(i, line.toString())).append('\n');
      }
    }
    double last = panel.first() + panel.step() * (panel.length() - 1);
    out.append(
        String.format(
            Locale.ROOT,
            "  %s from %s to %s%n",
            panel.abscissa(),
            number(panel.first()),
            number(last)));
  }

  /** Rows of dots below the top. */
  private static int place(double value, double least, double range) {
    return (int) Math.round((1 - (value - least) / range) * (4 * PLOT_HEIGHT - 1));
  }

  /** The bit of one dot in Unicode's braille patterns. */
  private static int braille(int x, int y) {
    return y == 3 ? 0x40 << x : 1 << (y + 3 * x);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  private String ink(int kind, String text) {
    return style().ink(Palette.kind(kind), text);
  }

  private TerminalStyle style() {
    return new TerminalStyle(colour);
  }
}
