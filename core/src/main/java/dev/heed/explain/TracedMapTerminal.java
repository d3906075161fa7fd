package dev.heed.explain;

import dev.heed.checkpoint.VisibleText;
import java.util.List;
import java.util.Locale;

/**
 * Draws a {@link TracedMap} as lines of text that fit a terminal.
 *
 * @param columns the terminal's width
 */
public record TracedMapTerminal(int columns) {
  private static final String SHADES = " .:-=+*#%@";
  private static final int CELL = 2;
  private static final int MOST_ROWS = 24;
  private static final double CLOSE = 5e-3;

  /** One line that says what there is. */
  public String line(TracedMap map) {
    double[] sums = map.sums();
    String rows =
        map.derived()
            ? "no attention: what it amounts to, derived, and no softmax"
            : sums[1] == 0
                ? "nothing is attended to"
                : Math.abs(sums[0] - 1) < CLOSE && Math.abs(sums[1] - 1) < CLOSE
                    ? "rows sum to 1"
                    : String.format(
                        Locale.ROOT,
                        "rows sum to %.2f to %.2f%s",
                        sums[0],
                        sums[1],
                        sums[0] > -CLOSE && sums[1] < 1 + CLOSE
                            ? ": the rest goes to a sink, or beyond what is shown"
                            : ": weights are changed after the softmax");
    String reach =
        map.derived() || map.reach() == map.keys() ? "" : ", a query sees at most " + map.reach();
    return String.format(
        Locale.ROOT,
        "%s: %d %s, %d by %d%s; %s",
        VisibleText.of(map.name()),
        map.heads(),
        map.heads() == 1 ? "head" : "heads",
        map.queries(),
        map.keys(),
        reach,
        rows);
  }

  /**
   * A heat map: a line for each query, a character for each key, those beyond the terminal's width
   * left out.
   *
   * @param cells {@code [query][key]}
   */
  public String heatMap(float[][] cells) {
    StringBuilder out = new StringBuilder();
    int rows = Math.min(cells.length, MOST_ROWS);
    int label = String.valueOf(Math.max(0, rows - 1)).length();
    float largest = 0;
    for (float[] row : cells) {
      for (float weight : row) {
        largest = Math.max(largest, Math.abs(weight));
      }
    }
    for (int query = 0; query < rows; query++) {
      int shown = Math.clamp((columns - label - 1) / CELL, 1, Math.max(1, cells[query].length));
      out.append(String.format(Locale.ROOT, "%" + label + "d ", query));
      for (int key = 0; key < Math.min(shown, cells[query].length); key++) {
        float weight = Math.abs(cells[query][key]);
        int shade = largest == 0 ? 0 : Math.min(9, (int) (Math.sqrt(weight / largest) * 10));
        out.append(String.valueOf(SHADES.charAt(shade)).repeat(CELL));
      }
      out.append('\n');
    }
    if (cells.length > rows) {
      out.append(String.format(Locale.ROOT, "and %d rows more%n", cells.length - rows));
    }
    return out.toString();
  }

  /** Text in lines that fit. */
  public String paragraph(String text) {
    StringBuilder out = new StringBuilder();
    TextWidth.wrap(List.of(text.split(" ")), columns).forEach(l -> out.append(l).append('\n'));
    return out.toString();
  }
}
