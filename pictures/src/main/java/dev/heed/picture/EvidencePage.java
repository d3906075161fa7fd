package dev.heed.picture;

import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.explain.Evidence.Marked;
import dev.heed.explain.Evidence.Overlaid;
import dev.heed.explain.Evidence.Part;
import dev.heed.explain.Evidence.Word;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes {@link Evidence} as one HTML page that needs no other file. */
public final class EvidencePage {
  private static final int MOST_NUMBERED = 24;

  private EvidencePage() {}

  /** The whole page. */
  public static String write(Evidence evidence) {
    return PageTemplate.of("evidence")
        .fill(
            Map.of(
                "title",
                evidence.title(),
                "note",
                evidence.note(),
                "colours",
                PageColours.styleSheet(),
                "parts",
                evidence.parts().stream().map(EvidencePage::part).toList()));
  }

  private static Map<String, Object> part(Part part) {
    return switch (part) {
      case Marked text ->
          Map.of(
              "heading",
              text.heading(),
              "isText",
              true,
              "isMap",
              false,
              "isImage",
              false,
              "words",
              text.words().stream().map(word -> word(word, text.strongest())).toList());
      case Aligned map ->
          Map.of(
              "heading",
              map.heading(),
              "isText",
              false,
              "isMap",
              true,
              "isImage",
              false,
              "columns",
              map.columns(),
              "rows",
              rows(map));
      case Overlaid seen ->
          Map.of(
              "heading",
              seen.heading(),
              "isText",
              false,
              "isMap",
              false,
              "isImage",
              true,
              "image",
              png(HeatOverlay.plain(seen.image())),
              "heat",
              png(HeatOverlay.heat(seen)));
    };
  }

  /** An image's bytes as the page holds them. */
  static String png(BufferedImage image) {
    return Base64.getEncoder().encodeToString(HeadImage.png(image));
  }

  private static Map<String, Object> word(Word word, double strongest) {
    return Map.of(
        "text",
        word.text(),
        "shade",
        PageColours.signed((float) (word.value() / strongest)),
        "value",
        String.format(Locale.ROOT, "%+.4f", word.value()),
        "labelled",
        !word.label().isEmpty(),
        "label",
        word.label(),
        "newLine",
        word.newLine());
  }

  private static List<Map<String, Object>> rows(Aligned map) {
    boolean small = map.columns().size() <= MOST_NUMBERED;
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < map.rows().size(); row++) {
      List<Map<String, Object>> cells = new ArrayList<>();
      for (int column = 0; column < map.columns().size(); column++) {
        double weight = map.weights()[row][column];
        cells.add(
            Map.of(
                "shade",
                PageColours.of((float) weight),
                "title",
                String.format(
                    Locale.ROOT,
                    "%s → %s: %.3f",
                    map.rows().get(row),
                    map.columns().get(column),
                    weight),
                "number",
                small && weight >= 0.05 ? figure(weight) : ""));
      }
      rows.add(Map.of("label", map.rows().get(row), "cells", cells));
    }
    return rows;
  }

  /** Two digits after the point, without the nought before it. */
  static String figure(double weight) {
    String number = String.format(Locale.ROOT, "%.2f", weight);
    return number.startsWith("0.") ? number.substring(1) : number;
  }
}
