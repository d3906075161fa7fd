package dev.heed.explain.picture;

import dev.heed.explain.Palette;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a mechanism and its picture as one HTML page that needs nothing else. */
public final class PicturePage {
  private static final int PLOT_WIDTH = 560;
  private static final int PLOT_HEIGHT = 240;
  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;color:#20242c;background:#fff;margin:2rem auto;max-width:72rem;padding:0 1rem}
      .note{color:#5c6470}.warning{color:#b44500}
      pre{white-space:pre-wrap;font:inherit}
      table{border-collapse:collapse;font-size:12px}
      td{width:1.35em;height:1.35em;padding:0}
      th{font-weight:normal;padding:0 .4em;text-align:right;white-space:nowrap}
      thead .names th{writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;padding:.4em 0}
      thead .bands th{text-align:left;border-bottom:2px solid #9aa2ae}
      .swatch{display:inline-block;width:1em;height:1em;margin:0 .4em 0 1em;vertical-align:-.1em}
      svg{max-width:100%}
      """;

  private final MechanismPicture picture;
  private final StringBuilder out = new StringBuilder();

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
    return new PicturePage(picture).page(title, parts);
  }

  private String page(String title, Map<String, String> parts) {
    out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>")
        .append(escape(title))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head>\n<body>\n<h1>")
        .append(escape(title))
        .append("</h1>\n");
    parts.forEach((name, text) ->
        out.append(
            String.format(
                Locale.ROOT, "<h2>%s</h2>\n<pre>%s</pre>\n", escape(name), escape(text))));
    out.append(
        String.format(
            Locale.ROOT,
            "<h2>Picture</h2>\n<p class=\"note\">%s</p>\n",
            escape(picture.example())));
    for (Panel panel : picture.panels()) {
      String style = PanelImage.warns(panel) ? "warning" : "note";
      out.append(
          String.format(
              Locale.ROOT,
              "<h3>%s</h3>\n<p class=\"%s\">%s</p>\n",
              escape(panel.title()),
              style,
              escape(panel.mark())));
      switch (panel) {
        case MapPanel map -> map(CellColour.of(picture, map));
        case CurvePanel curves -> curves(curves);
      }
    }
    return out.append("</body></html>\n").toString();
  }

  private void map(CellColour cells) {
    MapPanel map = cells.map();
    out.append(
        String.format(
            Locale.ROOT,
            "<p class=\"note\">rows: %s; columns: %s</p>\n<table><thead>",
            escape(map.rows().label()),
            escape(map.columns().label())));
    if (!map.columns().bands().isEmpty()) {
      out.append("<tr class=\"bands\"><th></th>");
      map.columns()
          .bands()
          .forEach(band ->
              out.append(
                  String.format(
                      Locale.ROOT,
                      "<th colspan=\"%d\">%s</th>",
                      band.to() - band.from(),
                      escape(band.name()))));
      out.append("</tr>");
    }
    out.append("<tr class=\"names\"><th></th>");
    map.columns().names().forEach(name -> out.append("<th>").append(escape(name)).append("</th>"));
    out.append("</tr></thead>\n");
    for (int row = 0; row < map.rows().size(); row++) {
      out.append("<tr><th>").append(escape(map.rows().names().get(row))).append("</th>");
      for (int column = 0; column < map.columns().size(); column++) {
        cell(cells, row, column);
      }
      out.append("</tr>\n");
    }
    out.append("</table>\n");
    kinds(map.classes());
  }

  private void cell(CellColour cells, int row, int column) {
    MapPanel map = cells.map();
    out.append(
        String.format(
            Locale.ROOT,
            "<td style=\"background:#%06x\" title=\"%s → %s: %.4g\"></td>",
            cells.rgb(row, column),
            escape(map.rows().names().get(row)),
            escape(map.columns().names().get(column)),
            map.at(row, column)));
  }

  private void kinds(List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    out.append("<p>");
    for (int i = 0; i < names.size(); i++) {
      out.append(
          String.format(
              Locale.ROOT,
              "<span class=\"swatch\" style=\"background:#%06x\"></span>%s",
              Palette.kind(i),
              escape(names.get(i))));
    }
    out.append("</p>\n");
  }

  private void curves(CurvePanel panel) {
    double range = Math.max(panel.largest() - panel.least(), Double.MIN_NORMAL);
    double zero = PLOT_HEIGHT * panel.largest() / range;
    out.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"-2 -2 %d %d\" width=\"%d\" role=\"img\" aria-label=\"%s\">"
                + "<line x1=\"0\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#9aa2ae\"/>",
            PLOT_WIDTH + 4,
            PLOT_HEIGHT + 4,
            PLOT_WIDTH,
            escape(panel.title()),
            zero,
            PLOT_WIDTH,
            zero));
    for (int i = 0; i < panel.curves().size(); i++) {
      out.append(
          String.format(
              Locale.ROOT,
              "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"#%06x\" points=\"",
              Palette.kind(i)));
      List<Double> values = panel.curves().get(i).values();
      for (int x = 0; x < values.size(); x++) {
        out.append(
            String.format(
                Locale.ROOT,
                "%.1f,%.1f ",
                (double) PLOT_WIDTH * x / (values.size() - 1),
                PLOT_HEIGHT * (panel.largest() - values.get(x)) / range));
      }
      out.append("\"/>");
    }
    out.append(
        String.format(
            Locale.ROOT,
            "</svg>\n<p class=\"note\">from %.3g to %.3g over %s</p>\n",
            panel.least(),
            panel.largest(),
            escape(panel.abscissa())));
    kinds(panel.curves().stream().map(CurvePanel.Curve::name).toList());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
