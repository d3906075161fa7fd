package dev.heed.explain;

import dev.heed.checkpoint.VisibleText;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Draws attention as lines of text, in colour where the terminal has it.
 *
 * @param colour whether escape sequences for 24-bit colour may be used
 * @param columns the terminal's width
 */
public record TerminalView(boolean colour, int columns) {
  private static final int MOST_BARS = 12;
  private static final int LONGEST_BAR = 40;
  private static final int SMALL_SIDE = 16;
  private static final String SHADES = " .:-=+*#%@";

  /** The whole picture, each line ended. */
  public String draw(AttentionView view) {
    StringBuilder out = new StringBuilder();
    out.append(VisibleText.of(view.title())).append("\n\n");
    out.append(sentence(view)).append("\n\n");
    bars(view, out);
    if (view.heatMap()) {
      out.append('\n');
      heatMap(view, out);
    }
    if (view.allHeads()) {
      out.append('\n');
      allHeads(view, out);
    }
    String hidden = view.hidden();
    if (hidden != null) {
      out.append('\n').append(VisibleText.of(hidden)).append('\n');
    }
    return out.toString();
  }

  private String sentence(AttentionView view) {
    float[] row = view.map().row(view.focus().layer(), view.focus().head(), view.focus().query());
    return view.shown().stream()
        .map(i -> {
          String text = text(view, i);
          if (i == view.focus().query()) {
            return colour ? "\u001b[1;7m" + text + "\u001b[0m" : ">" + text + "<";
          }
          return paint(text, row[i]);
        })
        .collect(Collectors.joining(" "));
  }

  private static String text(AttentionView view, int unit) {
    return VisibleText.of(view.map().units().get(unit).text());
  }

  private void bars(AttentionView view, StringBuilder out) {
    out.append(VisibleText.of(view.heading())).append(" (counted from 0):\n");
    List<AttentionView.Bar> bars = view.bars(MOST_BARS);
    int width = bars.stream().mapToInt(bar -> VisibleText.of(bar.text()).length()).max().orElse(0);
    double rest = 1;
    for (AttentionView.Bar bar : bars) {
      rest -= bar.weight();
      String drawn = "█".repeat(Math.round(bar.weight() * LONGEST_BAR));
      out.append(
          String.format(
              Locale.ROOT, "  %" + width + "s  %.3f  ", VisibleText.of(bar.text()), bar.weight()));
      out.append(colour ? foreground(Palette.rgb(0.3f)) + drawn + "\u001b[0m" : drawn).append('\n');
    }
    int others = view.shown().size() - bars.size();
    if (others > 0) {
      out.append(
          String.format(Locale.ROOT, "  %d others have at most %.3f together%n", others, rest));
    }
  }

  private void heatMap(AttentionView view, StringBuilder out) {
    List<Integer> shown = view.shown();
    float[][] cells = view.head();
    List<String> names = shown.stream().map(i -> text(view, i)).toList();
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    out.append(
        String.format(
            Locale.ROOT,
            "Layer %d, head %d: each row attends to the numbered columns%s%n",
            view.focus().layer(),
            view.focus().head(),
            colour ? "" : " (tenths; . is under 0.05)"));
    out.append(" ".repeat(width + 5));
    for (int key = 0; key < names.size(); key++) {
      out.append(String.format(Locale.ROOT, "%3d", key));
    }
    out.append('\n');
    for (int query = 0; query < names.size(); query++) {
      out.append(String.format(Locale.ROOT, "%" + (width + 1) + "s %3d", names.get(query), query));
      for (float weight : cells[query]) {
        out.append(cell(weight));
      }
      out.append('\n');
    }
  }

  private String cell(float weight) {
    String tenths = weight < 0.05f ? "." : String.valueOf(Math.min(9, Math.round(weight * 10)));
    return colour ? background(Palette.rgb(weight)) + "   " + "\u001b[0m" : "  " + tenths;
  }

  /** Small pictures, as many beside each other as the terminal holds. */
  private void allHeads(AttentionView view, StringBuilder out) {
    int side = Math.min(SMALL_SIDE, view.shown().size());
    int abreast = Math.clamp((columns + 1) / (side + 1), 1, view.map().heads());
    for (int layer = 0; layer < view.map().layers(); layer++) {
      out.append("layer ").append(layer).append('\n');
      for (int first = 0; first < view.map().heads(); first += abreast) {
        int last = Math.min(view.map().heads(), first + abreast);
        smallRow(view, layer, first, last, side, out);
      }
    }
  }

  private void smallRow(
      AttentionView view, int layer, int first, int last, int side, StringBuilder out) {
    for (int head = first; head < last; head++) {
      out.append(String.format(Locale.ROOT, "%-" + (side + 1) + "s", head));
    }
    out.append('\n');
    float[][][] small = new float[last - first][][];
    for (int head = first; head < last; head++) {
      small[head - first] = shrink(view.head(layer, head), side);
    }
    for (int row = 0; row < side; row += 2) {
      for (float[][] cells : small) {
        for (int column = 0; column < side; column++) {
          out.append(half(cells[row][column], row + 1 < side ? cells[row + 1][column] : 0));
        }
        out.append(colour ? "\u001b[0m " : " ");
      }
      out.append('\n');
    }
  }

  /** Two cells in one character: the upper half coloured over the lower. */
  private String half(float upper, float lower) {
    return colour
        ? foreground(Palette.rgb(upper)) + background(Palette.rgb(lower)) + "▀"
        : String.valueOf(
            SHADES.charAt(Math.min(9, (int) (Math.sqrt(Math.max(upper, lower)) * 10))));
  }

  /** The largest weight of each tile, so that no strong one is lost. */
  static float[][] shrink(float[][] cells, int side) {
    float[][] small = new float[side][side];
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < cells.length; j++) {
        int row = i * side / cells.length;
        int column = j * side / cells.length;
        small[row][column] = Math.max(small[row][column], cells[i][j]);
      }
    }
    return small;
  }

  private String paint(String text, float weight) {
    if (!colour) {
      return text;
    }
    String ink = foreground(Palette.isDark(weight) ? 0xFFFFFF : 0x000000);
    return background(Palette.rgb(weight)) + ink + text + "\u001b[0m";
  }

  private static String foreground(int rgb) {
    return String.format(
        Locale.ROOT, "\u001b[38;2;%d;%d;%dm", rgb >> 16, rgb >> 8 & 255, rgb & 255);
  }

  private static String background(int rgb) {
    return String.format(
        Locale.ROOT, "\u001b[48;2;%d;%d;%dm", rgb >> 16, rgb >> 8 & 255, rgb & 255);
  }
}
