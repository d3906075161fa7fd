package dev.heed.picture;

import dev.heed.explain.ForecastChart.Band;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Where everything of one chart stands.
 *
 * @param lines of what was seen and what is expected, broken where a value is missing
 * @param area between the limits, as corners of a polygon; empty for none
 * @param rules heights of the ticks' lines
 * @param labels of axes
 * @param border where the steps ahead begin, from the left
 */
record ChartLayout(
    List<Line> lines, Line area, List<Double> rules, List<Label> labels, double border) {
  static final int WIDTH = PngPicture.WIDTH - 2 * PngPicture.MARGIN;
  static final int HEIGHT = 240;
  static final int LEFT = 84;
  static final int BASE = HEIGHT - 28;

  private static final int TOP = 8;
  private static final int TICKS = 4;
  private static final double ROOM = 0.05;

  static ChartLayout of(Band band) {
    double least = all(band).min().orElse(0);
    double most = all(band).max().orElse(1);
    double spread = most > least ? most - least : Math.max(1, Math.abs(most));
    double low = least - ROOM * spread;
    double high = most + ROOM * spread;
    int count = band.labels().size();
    int seen = band.seen().length;
    Scale scale = new Scale(low, high, Math.max(1, count - 1));
    List<Line> lines = new ArrayList<>(pieces(band.seen(), 0, scale, false));
    lines.addAll(pieces(joined(band), Math.max(0, seen - 1), scale, true));
    List<double[]> area = new ArrayList<>();
    for (int i = 0; i < band.low().length; i++) {
      area.add(scale.point(seen + i, band.low()[i]));
    }
    for (int i = band.high().length - 1; i >= 0; i--) {
      area.add(scale.point(seen + i, band.high()[i]));
    }
    List<Double> rules = new ArrayList<>();
    List<Label> labels = new ArrayList<>();
    for (int i = 0; i <= TICKS; i++) {
      double value = low + (high - low) * i / TICKS;
      double y = scale.point(0, value)[1];
      rules.add(y);
      labels.add(new Label(LEFT - 8.0, y + 4, figure(value), "end"));
    }
    double border = scale.point(Math.max(0, seen - 1), low)[0];
    labels.add(new Label(LEFT, HEIGHT - 8.0, band.labels().getFirst(), "start"));
    if (seen > 1) {
      labels.add(new Label(border - 6, TOP + 12.0, band.labels().get(seen - 1), "end"));
    }
    labels.add(new Label(WIDTH, HEIGHT - 8.0, band.labels().getLast(), "end"));
    return new ChartLayout(lines, new Line(area, true), rules, labels, border);
  }

  /** From steps and values to pixels. */
  private record Scale(double low, double high, int last) {
    double[] point(int step, double value) {
      double x = LEFT + (double) (WIDTH - LEFT) * step / last;
      double y = BASE - (BASE - TOP) * (value - low) / (high - low);
      return new double[] {x, y};
    }
  }

  private static DoubleStream all(Band band) {
    return DoubleStream.concat(
            DoubleStream.concat(DoubleStream.of(band.seen()), DoubleStream.of(band.expected())),
            DoubleStream.concat(DoubleStream.of(band.low()), DoubleStream.of(band.high())))
        .filter(Double::isFinite);
  }

  /** What is expected, from the last value that was seen on. */
  private static double[] joined(Band band) {
    int seen = band.seen().length;
    if (seen == 0) {
      return band.expected();
    }
    double[] joined = new double[band.expected().length + 1];
    joined[0] = band.seen()[seen - 1];
    System.arraycopy(band.expected(), 0, joined, 1, band.expected().length);
    return joined;
  }

  private static List<Line> pieces(double[] values, int first, Scale scale, boolean ahead) {
    List<Line> pieces = new ArrayList<>();
    List<double[]> piece = new ArrayList<>();
    for (int i = 0; i <= values.length; i++) {
      if (i < values.length && Double.isFinite(values[i])) {
        piece.add(scale.point(first + i, values[i]));
      } else if (!piece.isEmpty()) {
        pieces.add(new Line(List.copyOf(piece), ahead));
        piece.clear();
      }
    }
    return pieces;
  }

  /** Four digits, and no noughts at the end. */
  static String figure(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value)
            .round(new MathContext(4))
            .add(BigDecimal.ZERO)
            .stripTrailingZeros()
            .toString()
            .replace("E+", "e")
            .replace("E", "e")
        : "–";
  }

  /** A place as SVG writes it. */
  static String pixel(double place) {
    return String.format(Locale.ROOT, "%.1f", place);
  }

  /** A line through points, in pixels. */
  record Line(List<double[]> points, boolean ahead) {
    /** As SVG writes points. */
    String path() {
      List<String> written = new ArrayList<>();
      points.forEach(point -> written.add(pixel(point[0]) + "," + pixel(point[1])));
      return String.join(" ", written);
    }
  }

  /**
   * A text at a place, in pixels.
   *
   * @param anchor where the place is in it: {@code start}, {@code middle} or {@code end}
   */
  record Label(double x, double y, String text, String anchor) {}
}
