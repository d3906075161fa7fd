package dev.heed.picture.mechanism;

import dev.heed.explain.Palette;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.Locale;

/** Curves with axes, ticks and a legend. */
final class CurveImage extends PanelImage {
  private static final int LEFT = 66;
  private static final int TOP = HEAD + 10;
  private static final int HEIGHT = 330;
  private static final int RIGHT = WIDTH - 14;
  private static final int TICKS = 4;

  private final CurvePanel panel;
  private final double least;
  private final double range;

  CurveImage(CurvePanel panel) {
    super(panel);
    this.panel = panel;
    this.least = panel.least();
    this.range = Math.max(panel.largest() - least, Double.MIN_NORMAL);
  }

  @Override
  int height() {
    return TOP + HEIGHT + 52 + 20 * panel.curves().size();
  }

  @Override
  void body(Graphics2D graphics) {
    axes(graphics);
    for (int i = 0; i < panel.curves().size(); i++) {
      curve(graphics, panel.curves().get(i).values(), new Color(Palette.kind(i)));
      int line = TOP + HEIGHT + 58 + 20 * i;
      graphics.setStroke(new BasicStroke(3));
      graphics.drawLine(LEFT, line, LEFT + 22, line);
      graphics.setColor(INK);
      graphics.drawString(panel.curves().get(i).name(), LEFT + 30, line + 5);
    }
  }

  private void axes(Graphics2D graphics) {
    FontMetrics metrics = graphics.getFontMetrics();
    graphics.setStroke(new BasicStroke(1));
    double step = round(range / TICKS);
    for (double value = Math.ceil(least / step) * step; value <= least + range; value += step) {
      int y = y(value);
      graphics.setColor(new Color(0xE3, 0xE6, 0xEA));
      graphics.drawLine(LEFT, y, RIGHT, y);
      String text = number(Math.rint(value / step) * step);
      graphics.setColor(PALE);
      graphics.drawString(text, LEFT - 8 - metrics.stringWidth(text), y + 5);
    }
    double from = panel.first();
    double across = round(panel.step() * (panel.length() - 1) / TICKS);
    double last = from + panel.step() * (panel.length() - 1);
    for (double at = Math.ceil(from / across) * across; at <= last; at += across) {
      String text = number(at);
      int middle = x((at - from) / panel.step());
      graphics.drawString(text, middle - metrics.stringWidth(text) / 2, TOP + HEIGHT + 18);
    }
    graphics.drawLine(LEFT, y(0), RIGHT, y(0));
    graphics.drawLine(LEFT, TOP, LEFT, TOP + HEIGHT);
    String label = panel.abscissa();
    graphics.drawString(label, (LEFT + RIGHT - metrics.stringWidth(label)) / 2, TOP + HEIGHT + 36);
  }

  private void curve(Graphics2D graphics, List<Double> values, Color colour) {
    Path2D path = new Path2D.Double();
    path.moveTo(x(0), y(values.getFirst()));
    for (int i = 1; i < values.size(); i++) {
      path.lineTo(x(i), y(values.get(i)));
    }
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke(2));
    graphics.draw(path);
  }

  private int x(double place) {
    return LEFT + (int) Math.round((RIGHT - LEFT) * place / (panel.length() - 1));
  }

  /** The nearest of 1, 2 and 5 times a power of ten, not below a third of it. */
  private static double round(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    double digits = step / power;
    return power * (digits < 1.5 ? 1 : digits < 3.5 ? 2 : digits < 7.5 ? 5 : 10);
  }

  private int y(double value) {
    return TOP + (int) Math.round(HEIGHT * (1 - (value - least) / range));
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value + 0.0);
    return text.replaceAll("\\.?0+$", "");
  }
}
