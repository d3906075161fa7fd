package dev.heed.picture;

import dev.heed.explain.ForecastChart;
import dev.heed.explain.ForecastChart.Band;
import dev.heed.picture.ChartLayout.Label;
import dev.heed.picture.ChartLayout.Line;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Draws a {@link ForecastChart} as a PNG image. */
public final class ForecastPicture {
  private static final int MARGIN = PngPicture.MARGIN;
  private static final Font TITLE = PictureFonts.BOLD.deriveFont(24f);
  private static final Font SMALL = PictureFonts.PLAIN.deriveFont(12f);
  private static final Color AHEAD = new Color(0x2A, 0x5C, 0xA8);
  private static final Color AREA = new Color(0x2A, 0x5C, 0xA8, 0x38);
  private static final Color RULE = new Color(0xE3, 0xE6, 0xEA);
  private static final float THICKNESS = 1.6f;

  private final ForecastChart chart;
  private final Graphics2D graphics;
  private final PictureFonts fonts;
  private int top = MARGIN;

  private ForecastPicture(ForecastChart chart, Graphics2D graphics, PictureFonts fonts) {
    this.chart = chart;
    this.graphics = graphics;
    this.fonts = fonts;
  }

  /**
   * Draws the picture.
   *
   * @return a PNG file's bytes
   * @throws IllegalArgumentException if there are too many series for one picture
   * @throws IllegalStateException if this machine has no font
   */
  public static byte[] draw(ForecastChart chart) {
    return TwoPassPicture.png(
        PngPicture.WIDTH, (graphics, fonts) -> new ForecastPicture(chart, graphics, fonts).all());
  }

  private int all() {
    line(chart.title(), TITLE, PngPicture.INK);
    line(chart.note(), PictureFonts.PLAIN, PngPicture.PALE);
    for (Band band : chart.bands()) {
      top += 10;
      line(band.name(), PictureFonts.BOLD, PngPicture.INK);
      band(ChartLayout.of(band));
      top += ChartLayout.HEIGHT;
    }
    String missing = fonts.note();
    if (missing != null) {
      line(missing, SMALL, PngPicture.PALE);
    }
    return top + MARGIN;
  }

  private void line(String text, Font font, Color colour) {
    top += font.getSize() + 6;
    graphics.setColor(colour);
    fonts.draw(graphics, font, text, MARGIN, top);
    top += 4;
  }

  private void band(ChartLayout layout) {
    Graphics2D own = (Graphics2D) graphics.create();
    own.translate(MARGIN, top);
    own.setColor(RULE);
    layout
        .rules()
        .forEach(y -> own.draw(new Line2D.Double(ChartLayout.LEFT, y, ChartLayout.WIDTH, y)));
    own.setColor(PngPicture.PALE);
    own.draw(new Line2D.Double(layout.border(), 0, layout.border(), ChartLayout.BASE));
    Path2D area = path(layout.area());
    if (area != null) {
      area.closePath();
      own.setColor(AREA);
      own.fill(area);
    }
    own.setStroke(new BasicStroke(THICKNESS));
    for (Line line : layout.lines()) {
      own.setColor(line.ahead() ? AHEAD : PngPicture.INK);
      own.draw(Objects.requireNonNull(path(line)));
    }
    own.setColor(PngPicture.PALE);
    layout.labels().forEach(label -> label(own, label));
    own.dispose();
  }

  private static @Nullable Path2D path(Line line) {
    if (line.points().isEmpty()) {
      return null;
    }
    Path2D path = new Path2D.Double();
    double[] first = line.points().getFirst();
    path.moveTo(first[0], first[1]);
    line.points().forEach(point -> path.lineTo(point[0], point[1]));
    return path;
  }

  private void label(Graphics2D own, Label label) {
    int width = fonts.width(own, SMALL, label.text());
    double left =
        switch (label.anchor()) {
          case "end" -> label.x() - width;
          case "middle" -> label.x() - width / 2.0;
          default -> label.x();
        };
    fonts.draw(own, SMALL, label.text(), (int) Math.round(left), (int) Math.round(label.y()));
  }
}
