package dev.heed.explain;

import dev.heed.explain.AttentionView.Option;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Writes attention as one HTML page that needs nothing else: no script, no other file. */
public final class HtmlPage {
  private static final int MOST_BARS = 20;
  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;color:#20242c;background:#fff;margin:2rem auto;max-width:70rem;padding:0 1rem}
      .title,.note{color:#5c6470}
      .text span{padding:.15em .35em;border-radius:.3em;margin:.1em;display:inline-block}
      .text .focus{background:#20242c;color:#fff}
      .bars td{padding:.1em .5em}.bars td:first-child{text-align:right}
      .bar{height:1em;border-radius:.25em}
      .map{border-collapse:collapse;font-size:13px}
      .map td{width:1.7em;height:1.7em;border:1px solid #eef0f3}
      .map th{font-weight:normal;padding:0 .4em;text-align:right;white-space:nowrap}
      .map thead th{writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;padding:.4em 0}
      .heads{display:flex;flex-wrap:wrap;gap:.6em}
      .heads figure{margin:0;font-size:11px;color:#5c6470}
      .heads img{width:72px;height:72px;image-rendering:pixelated;border:1px solid #9aa2ae;display:block}
      .heads .chosen img{outline:3px solid #d22}
      """;

  private final AttentionView view;
  private final StringBuilder out = new StringBuilder();

  private HtmlPage(AttentionView view) {
    this.view = view;
  }

  /** The whole page. */
  public static String write(AttentionView view) {
    return new HtmlPage(view).page();
  }

  private String page() {
    out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        .append("<title>")
        .append(escape(view.heading()))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head>\n<body>\n<p class=\"title\">")
        .append(escape(view.title()))
        .append("</p>\n");
    sentence();
    bars();
    if (view.has(Option.HEAT_MAP)) {
      heatMap();
    }
    if (view.has(Option.ALL_HEADS)) {
      allHeads();
    }
    String hidden = view.hidden();
    if (hidden != null) {
      out.append("<p class=\"note\">").append(escape(hidden)).append("</p>\n");
    }
    return out.append("</body></html>\n").toString();
  }

  private void sentence() {
    float[] row = view.map().row(view.focus().layer(), view.focus().head(), view.focus().query());
    out.append("<p class=\"text\">");
    for (int i : view.shown()) {
      if (i == view.focus().query()) {
        out.append("<span class=\"focus\">");
      } else {
        out.append("<span style=\"").append(paint(row[i])).append("\">");
      }
      out.append(text(i)).append("</span>\n");
    }
    out.append("</p>\n");
  }

  private void bars() {
    out.append("<h2>")
        .append(escape(view.heading()))
        .append(" <small>(counted from 0)</small></h2>\n<table class=\"bars\">\n");
    for (AttentionView.Bar bar : view.bars(MOST_BARS)) {
      out.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%.3f</td><td><div class=\"bar\""
                  + " style=\"width:%.1frem;background:%s\"></div></td></tr>%n",
              escape(bar.text()),
              bar.weight(),
              30 * bar.weight(),
              colour(Math.max(bar.weight(), 0.15f))));
    }
    out.append("</table>\n");
  }

  private void heatMap() {
    List<Integer> shown = view.shown();
    float[][] cells = view.head();
    out.append(
        String.format(
            Locale.ROOT,
            "<h2>Layer %d, head %d: each row attends to the columns</h2>%n",
            view.focus().layer(),
            view.focus().head()));
    out.append("<table class=\"map\"><thead><tr><td></td>");
    shown.forEach(i -> out.append("<th>").append(text(i)).append("</th>"));
    out.append("</tr></thead>\n");
    for (int query = 0; query < cells.length; query++) {
      out.append("<tr><th>").append(text(shown.get(query))).append("</th>");
      for (int key = 0; key < cells.length; key++) {
        out.append(
            String.format(
                Locale.ROOT,
                "<td style=\"background:%s\" title=\"%s → %s: %.4f\"></td>",
                colour(cells[query][key]),
                text(shown.get(query)),
                text(shown.get(key)),
                cells[query][key]));
      }
      out.append("</tr>\n");
    }
    out.append("</table>\n");
  }

  private void allHeads() {
    for (int layer = 0; layer < view.map().layers(); layer++) {
      out.append("<h3>Layer ").append(layer).append("</h3>\n<div class=\"heads\">\n");
      for (int head = 0; head < view.map().heads(); head++) {
        boolean chosen = layer == view.focus().layer() && head == view.focus().head();
        byte[] png = HeadImage.png(HeadImage.of(view.head(layer, head)));
        out.append(chosen ? "<figure class=\"chosen\">" : "<figure>")
            .append(
                String.format(
                    Locale.ROOT,
                    "<img alt=\"layer %d, head %d\" src=\"data:image/png;base64,",
                    layer,
                    head))
            .append(Base64.getEncoder().encodeToString(png))
            .append("\">head ")
            .append(head)
            .append("</figure>\n");
      }
      out.append("</div>\n");
    }
  }

  private static String paint(float weight) {
    return "background:"
        + colour(weight)
        + ";color:"
        + (Palette.isDark(weight) ? "#fff" : "#20242c");
  }

  private static String colour(float weight) {
    return String.format(Locale.ROOT, "#%06x", Palette.rgb(weight));
  }

  private String text(int unit) {
    return escape(view.map().units().get(unit).text());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
