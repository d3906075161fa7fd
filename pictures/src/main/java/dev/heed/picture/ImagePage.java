package dev.heed.picture;

import dev.heed.attention.position.Grid;
import dev.heed.explain.image.ImageAttention;
import dev.heed.explain.image.ImageFocus;
import dev.heed.explain.image.ImageFocus.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes attention over an image as one HTML page that needs no other file; a click on a patch
 * shows what it attends to.
 *
 * <p>The page's size is bounded: over {@value #MOST_CELLS} places, or over {@value #MOST_NUMBERS}
 * weights, only the token in focus is shown.
 */
public final class ImagePage {
  private static final int MOST_CELLS = 1600;
  private static final int MOST_NUMBERS = 1 << 20;
  private static final int MOST_PLACES = 12;
  private static final JsonMapper JSON = new JsonMapper();

  private final String title;
  private final ImageFocus focus;
  private final ImageAttention attention;

  private ImagePage(String title, ImageFocus focus) {
    this.title = title;
    this.focus = focus;
    this.attention = focus.attention();
  }

  /**
   * The whole page.
   *
   * @param title what was read by what
   */
  public static String write(String title, ImageFocus focus) {
    return PageTemplate.of("image").fill(new ImagePage(title, focus).values());
  }

  private Map<String, Object> values() {
    Grid queries = attention.places().queries();
    Grid keys = attention.places().keys();
    boolean clickable =
        queries.places() <= MOST_CELLS
            && keys.places() <= MOST_CELLS
            && (long) attention.weights()[0].length * keys.places() <= MOST_NUMBERS;
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("heading", focus.heading());
    values.put("title", title);
    values.put("explanation", focus.explanation());
    values.put("colours", PageColours.styleSheet());
    values.put("image", EvidencePage.png(HeatOverlay.plain(attention.image())));
    values.put("heat", EvidencePage.png(heat(focus)));
    values.put("clickable", clickable);
    values.put("unclickable", clickable ? "" : "This page holds the token in focus alone.");
    values.put("queryColumns", queries.width());
    values.put("keyColumns", keys.width());
    values.put("ratio", attention.image().width() + " / " + attention.image().height());
    values.put("patches", clickable ? patches(queries) : List.of());
    values.put("others", clickable ? others() : List.of());
    values.put("cells", clickable ? cells(keys) : List.of());
    values.put("places", focus.strongest(MOST_PLACES).stream().map(ImagePage::place).toList());
    values.put("largest", figure(focus.largest()));
    values.put("heads", heads());
    values.put("ramp", PageColours.ramp());
    values.put("notes", Stream.ofNullable(attention.note()).toList());
    values.put("data", clickable ? data() : "");
    return values;
  }

  private static java.awt.image.BufferedImage heat(ImageFocus focus) {
    return HeatOverlay.heat(
        focus.attention().image(),
        focus.attention().places().keys(),
        focus.places(),
        focus.largest());
  }

  private List<Map<String, Object>> patches(Grid grid) {
    List<Map<String, Object>> patches = new ArrayList<>();
    for (int patch = 0; patch < grid.places(); patch++) {
      patches.add(
          Map.of(
              "token",
              attention.before() + patch,
              "name",
              "row " + patch / grid.width() + ", column " + patch % grid.width(),
              "chosen",
              patch == focus.patch()));
    }
    return patches;
  }

  /** The tokens in front of the patches. */
  private List<Map<String, Object>> others() {
    return IntStream.range(0, attention.before())
        .mapToObj(token ->
            Map.<String, Object>of(
                "token",
                token,
                "name",
                token == 0 ? "class token" : "token " + token,
                "chosen",
                token == focus.query()))
        .toList();
  }

  private List<Map<String, Object>> cells(Grid grid) {
    float[] weights = focus.places();
    float largest = focus.largest();
    List<Map<String, Object>> cells = new ArrayList<>();
    for (int place = 0; place < weights.length; place++) {
      cells.add(
          Map.of(
              "shade",
              PageColours.of(largest == 0 ? 0 : weights[place] / largest),
              "name",
              String.format(
                  Locale.ROOT,
                  "row %d, column %d: %.4f",
                  place / grid.width(),
                  place % grid.width(),
                  weights[place])));
    }
    return cells;
  }

  private static Map<String, Object> place(Place place) {
    return Map.of(
        "name",
        "row " + place.row() + ", column " + place.column(),
        "weight",
        figure(place.weight()));
  }

  private static String figure(double weight) {
    return String.format(Locale.ROOT, "%.4f", weight);
  }

  private List<Map<String, Object>> heads() {
    return IntStream.range(0, attention.heads())
        .mapToObj(head -> {
          ImageFocus own = focus.in(head);
          return Map.<String, Object>of(
              "head",
              head,
              "chosen",
              head == focus.head(),
              "largest",
              figure(own.largest()),
              "image",
              EvidencePage.png(heat(own)));
        })
        .toList();
  }

  /** What a click needs: for each token its name and its places' weights, in ten-thousandths. */
  private String data() {
    List<Map<String, Object>> tokens = new ArrayList<>();
    for (int token = 0; token < attention.weights()[0].length; token++) {
      ImageFocus other = new ImageFocus(attention, focus.head(), token);
      float[] weights = other.places();
      tokens.add(
          Map.of(
              "heading",
              other.heading(),
              "explanation",
              other.explanation(),
              "row",
              IntStream.range(0, weights.length)
                  .map(i -> Math.round(10_000 * weights[i]))
                  .toArray()));
    }
    return JSON.writeValueAsString(
        Map.of(
            "levels",
            PageColours.LEVELS,
            "columns",
            attention.places().keys().width(),
            "most",
            MOST_PLACES,
            "tokens",
            tokens));
  }
}
