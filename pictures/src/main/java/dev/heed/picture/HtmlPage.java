package dev.heed.picture;

import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionView;
import dev.heed.explain.AttentionView.Bar;
import dev.heed.explain.AttentionView.Option;
import dev.heed.explain.AttentionView.Word;
import dev.heed.explain.Focus;
import dev.heed.explain.Selectivity;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes attention as one HTML page that needs no other file, for light and dark screens of any
 * width; a click on a word shows what it attends to.
 *
 * <p>The page's size is bounded: over {@value #MOST_CELLS} words the map is an image of one pixel a
 * cell, and over {@value #MOST_CLICKABLE} words are not clicked on.
 */
public final class HtmlPage {
  private static final int MOST_BARS = 20;
  private static final int MOST_OTHERS = 12;
  private static final int MOST_CELLS = 48;
  private static final int MOST_NUMBERED = 24;
  private static final int MOST_CLICKABLE = 200;
  private static final int LARGEST_HEAD = 96;
  private static final JsonMapper JSON = new JsonMapper();

  private final AttentionView view;
  private final List<String> queries;
  private final List<String> keys;

  private HtmlPage(AttentionView view) {
    this.view = view;
    this.queries = view.map().queryLabels();
    this.keys = view.map().keyLabels();
  }

  /** The whole page. */
  public static String write(AttentionView view) {
    return PageTemplate.of("look").fill(new HtmlPage(view).values());
  }

  private Map<String, Object> values() {
    boolean clickable = Math.max(queries.size(), keys.size()) <= MOST_CLICKABLE;
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("heading", view.heading());
    values.put("title", view.title());
    values.put("explanation", view.explanation());
    values.put("colours", PageColours.styleSheet());
    values.put("heads", view.headCount());
    values.put("lines", view.lines().stream().map(line -> line(line, clickable)).toList());
    values.put("clickable", clickable);
    values.put("best", !view.focus().isChosen());
    values.put(
        "unclickable",
        clickable
            ? ""
            : "Over " + MOST_CLICKABLE + " words: only the word in focus is on this page.");
    values.put("bars", view.bars(MOST_BARS).stream().map(HtmlPage::bar).toList());
    values.put("more", more());
    List<Map<String, Object>> others =
        view.has(Option.OTHER_WORDS)
            ? view.otherWords().stream().limit(MOST_OTHERS).map(this::other).toList()
            : List.of();
    values.put("hasOthers", !others.isEmpty());
    values.put("others", others);
    values.put("silent", view.has(Option.OTHER_WORDS) ? view.silent() : List.of());
    values.put("map", view.has(Option.HEAT_MAP) ? List.of(map()) : List.of());
    values.put("layers", view.has(Option.ALL_HEADS) ? layers() : List.of());
    values.put("notes", Stream.of(view.hidden(), view.unknown()).filter(Objects::nonNull).toList());
    values.put("data", clickable ? data() : "");
    return values;
  }

  private static Map<String, Object> line(List<Word> line, boolean clickable) {
    return Map.of("words", line.stream().map(word -> word(word, clickable)).toList());
  }

  private static Map<String, Object> word(Word word, boolean clickable) {
    boolean button = clickable && word.query() >= 0;
    return Map.of(
        "text",
        word.text(),
        "shade",
        word.key() < 0 ? "" : PageColours.of(word.weight()),
        "focus",
        word.focus(),
        "query",
        clickable && word.query() >= 0 ? List.of(word.query()) : List.of(),
        "key",
        clickable && word.key() >= 0 ? List.of(word.key()) : List.of(),
        "element",
        button ? "button" : "span",
        "button",
        button);
  }

  private static Map<String, Object> bar(Bar bar) {
    return Map.of(
        "text",
        bar.text(),
        "here",
        figure(bar.weight()),
        "mean",
        figure(bar.mean()),
        "hereShare",
        share(bar.weight()),
        "meanShare",
        share(bar.mean()));
  }

  private static String figure(float weight) {
    return String.format(Locale.ROOT, "%.3f", weight);
  }

  private static String share(float weight) {
    return String.format(Locale.ROOT, "%.1f", 100 * weight);
  }

  private String more() {
    int more = view.shownKeys().size() - MOST_BARS;
    return more > 0 ? more + (more == 1 ? " more word gets" : " more words get") + " less." : "";
  }

  private Map<String, Object> other(Focus other) {
    return Map.of(
        "word",
        queries.get(other.query()),
        "to",
        keys.get(other.key()),
        "here",
        figure(view.map().row(other.layer(), other.head(), other.query())[other.key()]),
        "mean",
        figure(view.map().meanRow(other.query())[other.key()]),
        "layer",
        other.layer(),
        "head",
        other.head());
  }

  private Map<String, Object> map() {
    float[][] cells = view.head();
    boolean image = Math.max(cells.length, view.shownKeys().size()) > MOST_CELLS;
    return Map.of(
        "name",
        String.format(Locale.ROOT, "Layer %d, head %d", view.focus().layer(), view.focus().head()),
        "caption",
        image
            ? "One pixel a pair of words: each row attends to the columns, both in the text's order"
            : "Each row attends to the columns",
        "alt",
        view.map().isSelf()
            ? "map of " + cells.length + " words"
            : "map of " + cells.length + " by " + view.shownKeys().size() + " words",
        "image",
        image ? image(cells) : "",
        "table",
        !image,
        "columns",
        image ? List.of() : view.keyLabels(),
        "rows",
        image ? List.of() : rows(cells),
        "ramp",
        PageColours.ramp());
  }

  private List<Map<String, Object>> rows(float[][] cells) {
    List<String> names = view.queryLabels();
    List<String> columns = view.keyLabels();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int query = 0; query < cells.length; query++) {
      List<Map<String, Object>> row = new ArrayList<>();
      for (int key = 0; key < columns.size(); key++) {
        float weight = cells[query][key];
        boolean numbered = columns.size() <= MOST_NUMBERED && weight >= 0.05f;
        row.add(
            Map.of(
                "shade",
                PageColours.of(weight),
                "title",
                names.get(query) + " → " + columns.get(key) + ": " + figure(weight),
                "number",
                numbered ? String.format(Locale.ROOT, "%.2f", weight).replace("0.", ".") : ""));
      }
      rows.add(Map.of("label", names.get(query), "cells", row));
    }
    return rows;
  }

  private static String image(float[][] cells) {
    return Base64.getEncoder().encodeToString(HeadImage.png(HeadImage.of(cells)));
  }

  private List<Map<String, Object>> layers() {
    List<Map<String, Object>> layers = new ArrayList<>();
    for (int layer = 0; layer < view.map().layers(); layer++) {
      List<Map<String, Object>> pictures = new ArrayList<>();
      for (int head = 0; head < view.map().heads(); head++) {
        float[][] cells = view.head(layer, head);
        pictures.add(
            Map.of(
                "chosen",
                layer == view.focus().layer() && head == view.focus().head(),
                "alt",
                "layer " + layer + ", head " + head,
                "head",
                head,
                "image",
                image(AttentionMap.shrink(cells, LARGEST_HEAD))));
      }
      layers.add(Map.of("layer", layer, "pictures", pictures));
    }
    return layers;
  }

  /** What a click needs: for each word its head, its row there and the mean row, in thousandths. */
  private String data() {
    List<Map<String, Object>> words = new ArrayList<>();
    Selectivity selectivity = new Selectivity(view.map());
    for (int unit = 0; unit < queries.size(); unit++) {
      AttentionView word = view.of(focusOn(selectivity, unit));
      words.add(
          Map.of(
              "heading",
              word.heading(),
              "explanation",
              word.explanation(),
              "row",
              thousandths(word.row()),
              "mean",
              thousandths(view.map().meanRow(unit))));
    }
    String json =
        JSON.writeValueAsString(
            Map.of(
                "focus",
                view.focus().query(),
                "levels",
                PageColours.LEVELS,
                "most",
                MOST_BARS,
                "keys",
                keys,
                "words",
                words));
    // So that no word of the text can end the script element.
    return json.replace("<", "\\u003c");
  }

  private Focus focusOn(Selectivity selectivity, int unit) {
    Focus shown = view.focus();
    if (unit == shown.query()) {
      return shown;
    }
    return shown.isChosen()
        ? Focus.in(view.map(), unit, shown.layer(), shown.head())
        : Focus.on(view.map(), selectivity, unit);
  }

  private static int[] thousandths(float[] row) {
    return IntStream.range(0, row.length).map(i -> Math.round(1000 * row[i])).toArray();
  }
}
