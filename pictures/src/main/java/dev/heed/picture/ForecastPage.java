package dev.heed.picture;

import dev.heed.explain.ForecastChart;
import dev.heed.explain.ForecastChart.Band;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Writes a {@link ForecastChart} as one HTML page that needs no other file. */
public final class ForecastPage {
  private ForecastPage() {}

  /** The whole page. */
  public static String write(ForecastChart chart) {
    return PageTemplate.of("forecast")
        .fill(
            Map.of(
                "title",
                chart.title(),
                "note",
                chart.note(),
                "width",
                ChartLayout.WIDTH,
                "height",
                ChartLayout.HEIGHT,
                "left",
                ChartLayout.LEFT,
                "base",
                ChartLayout.BASE,
                "bands",
                chart.bands().stream().map(ForecastPage::band).toList()));
  }

  private static Map<String, Object> band(Band band) {
    ChartLayout layout = ChartLayout.of(band);
    return Map.of(
        "name",
        band.name(),
        "area",
        layout.area().path(),
        "border",
        ChartLayout.pixel(layout.border()),
        "rules",
        layout.rules().stream().map(ChartLayout::pixel).toList(),
        "lines",
        layout.lines().stream()
            .map(line -> Map.of("points", line.path(), "kind", line.ahead() ? "ahead" : "seen"))
            .toList(),
        "labels",
        layout.labels().stream()
            .map(label ->
                Map.of(
                    "x",
                    ChartLayout.pixel(label.x()),
                    "y",
                    ChartLayout.pixel(label.y()),
                    "text",
                    label.text(),
                    "anchor",
                    label.anchor()))
            .toList(),
        "rows",
        rows(band));
  }

  private static List<Map<String, String>> rows(Band band) {
    boolean limits = band.low().length > 0;
    return IntStream.range(0, band.expected().length)
        .mapToObj(i ->
            Map.of(
                "label",
                band.labels().get(band.seen().length + i),
                "expected",
                ChartLayout.figure(band.expected()[i]),
                "low",
                limits ? ChartLayout.figure(band.low()[i]) : "",
                "high",
                limits ? ChartLayout.figure(band.high()[i]) : ""))
        .toList();
  }
}
