package dev.heed.explain;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a picture of attention shows; the terminal, a page and an image draw the same.
 *
 * @param title what was read by what
 * @param map between the units that are drawn
 * @param focus the word in focus, and the head it is shown in
 * @param heatMap whether that head's whole map is drawn
 * @param allHeads whether a small picture of every head is drawn
 * @param hideSpecial whether special tokens are left out; the rest stays as it is
 * @param chosen whether the head was given, not found
 */
public record AttentionView(
    String title,
    AttentionMap map,
    Focus focus,
    boolean heatMap,
    boolean allHeads,
    boolean hideSpecial,
    boolean chosen) {

  /** One bar: a unit and the weight that the focus gives it. */
  public record Bar(int unit, String text, float weight) {}

  /** The units that are drawn, in order. */
  public List<Integer> shown() {
    return IntStream.range(0, map.size())
        .filter(i -> !hideSpecial || !map.units().get(i).special())
        .boxed()
        .toList();
  }

  /** The shown head's whole map over the shown units. */
  public float[][] head() {
    return head(focus.layer(), focus.head());
  }

  /** Any head's map over the shown units. */
  public float[][] head(int layer, int head) {
    List<Integer> shown = shown();
    float[][] cells = new float[shown.size()][shown.size()];
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < cells.length; j++) {
        cells[i][j] = map.weights()[layer][head][shown.get(i)][shown.get(j)];
      }
    }
    return cells;
  }

  /** Whom the focus attends to among the shown units, most first. */
  public List<Bar> bars(int most) {
    float[] row = map.row(focus.layer(), focus.head(), focus.query());
    return shown().stream()
        .map(i -> new Bar(i, map.units().get(i).text(), row[i]))
        .sorted(Comparator.comparingDouble(bar -> -bar.weight()))
        .limit(most)
        .toList();
  }

  /** The line above the bars. */
  public String heading() {
    return String.format(
        Locale.ROOT,
        "\"%s\" in layer %d, head %d%s",
        focus.unit(map).text(),
        focus.layer(),
        focus.head(),
        chosen ? "" : ", the head most selective for it");
  }

  /** What is hidden and how much of the focus's attention it gets; null if nothing is. */
  public @Nullable String hidden() {
    List<Integer> left =
        IntStream.range(0, map.size()).boxed().filter(i -> !shown().contains(i)).toList();
    if (left.isEmpty()) {
      return null;
    }
    float[] row = map.row(focus.layer(), focus.head(), focus.query());
    double weight = left.stream().mapToDouble(i -> row[i]).sum();
    return String.format(
        Locale.ROOT,
        "hidden: %s, which get %.3f of it; rows are not renormalised, so they sum to less than 1",
        left.stream().map(i -> map.units().get(i).text()).collect(Collectors.joining(" ")),
        weight);
  }
}
