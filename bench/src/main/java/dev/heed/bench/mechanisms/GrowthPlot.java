package dev.heed.bench.mechanisms;

import dev.heed.bench.mechanisms.GrowthFit.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Time and memory over the length, forward and training, on logarithmic axes: a cost that grows as
 * nˢ is a line of slope s.
 */
final class GrowthPlot {
  private static final int PANEL_WIDTH = 720;
  private static final int PANEL_HEIGHT = 540;
  private static final int LEGEND_WIDTH = 260;
  private static final int LEGEND_LINE = 26;

  /** The size of the picture. */
  static final int WIDTH = 2 * PANEL_WIDTH + LEGEND_WIDTH;

  /** The size of the picture. */
  static final int HEIGHT = 2 * PANEL_HEIGHT;

  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_UP);

  private final List<MechanismRow> rows;
  private final List<String> names;

  GrowthPlot(List<MechanismRow> rows) {
    this.rows = rows;
    this.names = rows.stream().map(MechanismRow::mechanism).distinct().toList();
  }

  /** The picture; needs no display, but a font. */
  BufferedImage draw() {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, WIDTH, HEIGHT);
      panel(g, 0, "Forward", "milliseconds", Pass.FORWARD, MechanismReport::milliseconds);
      panel(g, 1, "Training step", "milliseconds", Pass.TRAINING, MechanismReport::milliseconds);
      panel(g, 2, "Forward", "peak megabytes", Pass.FORWARD, MechanismRow.Outcome::peakMegabytes);
      panel(
          g,
          3,
          "Training step",
          "peak megabytes",
          Pass.TRAINING,
          MechanismRow.Outcome::peakMegabytes);
      legend(g);
    } finally {
      g.dispose();
    }
    return image;
  }

  private void panel(
      Graphics2D g,
      int place,
      String title,
      String unit,
      Pass pass,
      ToDoubleFunction<MechanismRow.Outcome> cost) {
    XYChart chart =
        new XYChartBuilder()
            .width(PANEL_WIDTH)
            .height(PANEL_HEIGHT)
            .title(title + ", " + unit)
            .xAxisTitle("tokens")
            .yAxisTitle(unit)
            .build();
    chart.getStyler().setLocale(Locale.ROOT);
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmicDecadeOnly(false);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setMarkerSize(7);
    boolean drawn = false;
    for (int i = 0; i < names.size(); i++) {
      List<Point> points = MechanismReport.points(rows, names.get(i), pass, cost);
      if (!points.isEmpty()) {
        drawn = true;
        XYSeries series =
            chart.addSeries(
                names.get(i),
                points.stream().mapToDouble(Point::length).toArray(),
                points.stream().mapToDouble(Point::cost).toArray());
        series.setLineColor(colour(i));
        series.setMarkerColor(colour(i));
        series.setMarker(marker(i));
        series.setLineWidth(1.6f);
      }
    }
    Graphics2D panel =
        (Graphics2D)
            g.create(place % 2 * PANEL_WIDTH, place / 2 * PANEL_HEIGHT, PANEL_WIDTH, PANEL_HEIGHT);
    if (drawn) {
      chart.paint(panel, PANEL_WIDTH, PANEL_HEIGHT);
    }
    panel.dispose();
  }

  private void legend(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    int left = 2 * PANEL_WIDTH + 12;
    for (int i = 0; i < names.size(); i++) {
      int middle = 40 + i * LEGEND_LINE;
      g.setColor(colour(i));
      g.setStroke(new BasicStroke(2));
      g.drawLine(left, middle, left + 30, middle);
      marker(i).paint(g, left + 15, middle, 9);
      g.setColor(Color.DARK_GRAY);
      g.drawString(names.get(i), left + 40, middle + 5);
    }
  }

  /** Hues as far apart as their number allows, neighbours in turn dark and light. */
  private Color colour(int index) {
    return Color.getHSBColor(index / (float) names.size(), 0.85f, index % 2 == 0 ? 0.85f : 0.6f);
  }

  private static Marker marker(int index) {
    return MARKERS.get(index % MARKERS.size());
  }
}
