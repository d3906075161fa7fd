package dev.heed.picture.mechanism;

import dev.heed.picture.PageColours;
import dev.heed.picture.PageTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a mechanism and its picture as one HTML page that needs nothing else, for light and dark
 * screens of any width.
 */
public final class PicturePage {
  private static final int PLOT_WIDTH = 560;
  private static final int PLOT_HEIGHT = 240;

  private final MechanismPicture picture;

  private PicturePage(MechanismPicture picture) {
    this.picture = picture;
  }

  /**
   * The whole page.
   *
   * @param title its heading
   * @param parts paragraphs by their names, for example the catalogue's Idea and Formula
   */
  public static String write(String title, Map<String, String> parts, MechanismPicture picture) {
    PicturePage page = new PicturePage(picture);
    return PageTemplate.of("mechanism")
        .fill(
            Map.of(
                "title",
                title,
                "colours",
                PageColours.styleSheet(),
                "parts",
                parts.entrySet().stream()
                    .map(part -> Map.of("name", part.getKey(), "text", part.getValue()))
                    .toList(),
                "example",
                picture.example(),
                "panels",
                picture.panels().stream().map(page::panel).toList()));
  }

  private Map<String, Object> panel(Panel panel) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", panel.title());
    values.put("style", PanelImage.warns(panel) ? "warning" : "note");
    values.put("mark", panel.mark());
    List<String> kinds = List.of();
    switch (panel) {
      case MapPanel map -> {
        values.put("map", List.of(map(CellColour.of(picture, map))));
        values.put("plot", List.of());
        kinds = map.classes();
      }
      case CurvePanel curves -> {
        values.put("map", List.of());
        values.put("plot", List.of(plot(curves)));
        kinds = curves.curves().stream().map(CurvePanel.Curve::name).toList();
      }
    }
    List<String> names = kinds;
    values.put("hasKinds", !names.isEmpty());
    values.put(
        "kinds",
        IntStream.range(0, names.size())
            .mapToObj(i -> Map.of("kind", PageColours.kind(i), "name", names.get(i)))
            .toList());
    return values;
  }

  private static Map<String, Object> map(CellColour cells) {
    MapPanel map = cells.map();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rowsLabel", map.rows().label());
    values.put("columnsLabel", map.columns().label());
    values.put("hasBands", !map.columns().bands().isEmpty());
    values.put(
        "bands",
        map.columns().bands().stream()
            .map(band -> Map.of("span", band.to() - band.from(), "name", band.name()))
            .toList());
    values.put("columns", map.columns().names());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < map.rows().size(); row++) {
      int at = row;
      rows.add(
          Map.of(
              "label",
              map.rows().names().get(row),
              "cells",
              IntStream.range(0, map.columns().size())
                  .mapToObj(column -> cell(cells, at, column))
                  .toList()));
    }
    values.put("rows", rows);
    values.put("ramp", map.kind().categorical() ? List.of() : List.of(ramp(cells)));
    return values;
  }

  private static Map<String, Object> cell(CellColour cells, int row, int column) {
    MapPanel map = cells.map();
    return Map.of(
        "shade",
        cells.shade(row, column),
        "title",
        String.format(
            Locale.ROOT,
            "%s → %s: %.4g",
            map.rows().names().get(row),
            map.columns().names().get(column),
            map.at(row, column)));
  }

  private static Map<String, Object> ramp(CellColour cells) {
    List<String> up = PageColours.ramp();
    List<String> down =
        up.reversed().stream().map(shade -> shade.replace('w', 'n')).limit(up.size() - 1L).toList();
    boolean signed = cells.map().signed();
    return Map.of(
        "least",
        signed ? number(-cells.scale()) : "0",
        "largest",
        number(cells.scale()),
        "shades",
        signed ? Stream.concat(down.stream(), up.stream()).toList() : up);
  }

  private static Map<String, Object> plot(CurvePanel panel) {
    double range = Math.max(panel.largest() - panel.least(), Double.MIN_NORMAL);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("label", panel.title());
    values.put("width", PLOT_WIDTH);
    values.put("viewWidth", PLOT_WIDTH + 4);
    values.put("viewHeight", PLOT_HEIGHT + 4);
    values.put("zero", String.format(Locale.ROOT, "%.1f", PLOT_HEIGHT * panel.largest() / range));
    values.put(
        "lines",
        IntStream.range(0, panel.curves().size())
            .mapToObj(i ->
                Map.of(
                    "kind",
                    PageColours.kind(i),
                    "points",
                    points(panel.curves().get(i).values(), panel.largest(), range)))
            .toList());
    values.put("least", number(panel.least()));
    values.put("largest", number(panel.largest()));
    values.put("abscissa", panel.abscissa());
    return values;
  }

  private static String points(List<Double> values, double largest, double range) {
    return IntStream.range(0, values.size())
        .mapToObj(x ->
            String.format(
                Locale.ROOT,
                "%.1f,%.1f",
                (double) PLOT_WIDTH * x / (values.size() - 1),
                PLOT_HEIGHT * (largest - values.get(x)) / range))
        .collect(Collectors.joining(" "));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value + 0.0);
  }
}
