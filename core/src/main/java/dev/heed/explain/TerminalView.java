package dev.heed.explain;

import dev.heed.checkpoint.VisibleText;
import dev.heed.explain.AttentionView.Bar;
import dev.heed.explain.AttentionView.Option;
import dev.heed.explain.AttentionView.Word;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Draws attention as lines of text that fit a terminal, in colour where it has it. What the text
 * holds is escaped as {@link VisibleText} says.
 *
 * @param colour whether escape sequences for 24-bit colour may be used
 * @param columns the terminal's width
 */
public record TerminalView(boolean colour, int columns) {
  private static final int MOST_BARS = 12;
  private static final int MOST_OTHERS = 5;
  private static final int LONGEST_BAR = 40;
  private static final int LONGEST_LABEL = 30;
  private static final int SMALL_SIDE = 16;
  private static final int CELL = 3;
  private static final String SHADES = " .:-=+*#%@";

  /** The whole picture, each line ended. */
  public String draw(AttentionView view) {
    StringBuilder out = new StringBuilder();
    paragraph(view.title(), out);
    out.append('\n');
    sentence(view, out);
    out.append('\n');
    bars(view, out);
    paragraph(view.explanation(), out);
    if (view.has(Option.OTHER_WORDS)) {
      otherWords(view, out);
    }
    if (view.has(Option.HEAT_MAP)) {
      out.append('\n');
      heatMap(view, out);
    }
    if (view.has(Option.ALL_HEADS)) {
      out.append('\n');
      allHeads(view, out);
    }
    note(view.hidden(), out);
    note(view.unknown(), out);
    return out.toString();
  }

  private TerminalStyle style() {
    return new TerminalStyle(colour);
  }

  private void note(@Nullable String note, StringBuilder out) {
    if (note != null) {
      out.append('\n');
      paragraph(note, out);
    }
  }

  /** Text in lines that fit, each indented as the first is. */
  private void paragraph(String text, StringBuilder out) {
    String indent = text.substring(0, text.length() - text.stripLeading().length());
    List<String> words = List.of(VisibleText.of(text.strip()).split(" "));
    TextWidth.wrap(words, columns - indent.length())
        .forEach(line -> out.append(indent).append(line).append('\n'));
  }

  private void sentence(AttentionView view, StringBuilder out) {
    for (List<Word> line : view.lines()) {
      List<String> plain =
          line.stream()
              .map(word -> {
                String text = VisibleText.of(word.text());
                return word.focus() && !colour ? ">" + text + "<" : text;
              })
              .toList();
      List<String> drawn =
          IntStream.range(0, plain.size()).mapToObj(i -> drawn(line.get(i), plain.get(i))).toList();
      TextWidth.wrap(plain, drawn, columns).forEach(part -> out.append(part).append('\n'));
    }
  }

  private String drawn(Word word, String text) {
    if (word.focus()) {
      return style().strong(text);
    }
    return word.key() < 0 ? text : style().on(Palette.rgb(word.weight()), text);
  }

  private void bars(AttentionView view, StringBuilder out) {
    List<Bar> bars = view.bars(MOST_BARS);
    int most = longestLabel();
    int width =
        bars.stream().mapToInt(bar -> TextWidth.of(label(bar.text(), most))).max().orElse(0);
    int longest = Math.clamp(columns - width - 20, 0, LONGEST_BAR);
    paragraph(view.heading() + ":", out);
    out.append("  ").append(" ".repeat(width)).append("   here   mean\n");
    double rest = 1;
    double restOfMean = 1;
    for (Bar bar : bars) {
      rest -= bar.weight();
      restOfMean -= bar.mean();
      String drawn = "█".repeat(Math.round(bar.weight() * longest));
      String line =
          String.format(
              Locale.ROOT,
              "  %s  %.3f  %.3f  %s",
              TextWidth.right(label(bar.text(), most), width),
              bar.weight(),
              bar.mean(),
              style().ink(Palette.rgb(0.3f), drawn));
      out.append(line.stripTrailing()).append('\n');
    }
    int others = view.shownKeys().size() - bars.size();
    if (others > 0) {
      paragraph(
          String.format(
              Locale.ROOT,
              "  %d more: %.3f together, on average %.3f",
              others,
              Math.max(0, rest),
              Math.max(0, restOfMean)),
          out);
    }
  }

  private int longestLabel() {
    return Math.clamp(Math.min(columns / 3, columns - 16), 3, LONGEST_LABEL);
  }

  private static String label(String text, int most) {
    return TextWidth.cut(VisibleText.of(text), most);
  }

  private void otherWords(AttentionView view, StringBuilder out) {
    List<String> queries = view.map().queryLabels();
    List<String> keys = view.map().keyLabels();
    List<Focus> others = view.otherWords();
    if (!others.isEmpty()) {
      out.append('\n');
      paragraph("Other words, each in its own most selective head (here, mean):", out);
    }
    for (Focus other : others.stream().limit(MOST_OTHERS).toList()) {
      paragraph(
          String.format(
              Locale.ROOT,
              "  %s → %s  %.3f  %.3f  layer %d, head %d",
              VisibleText.of(queries.get(other.query())),
              VisibleText.of(keys.get(other.key())),
              view.map().row(other.layer(), other.head(), other.query())[other.key()],
              view.map().meanRow(other.query())[other.key()],
              other.layer(),
              other.head()),
          out);
    }
    view.silent().forEach(sentence -> paragraph(sentence, out));
  }

  private void heatMap(AttentionView view, StringBuilder out) {
    int most = longestLabel();
    List<String> names = view.queryLabels().stream().map(name -> label(name, most)).toList();
    int width = names.stream().mapToInt(TextWidth::of).max().orElse(0);
    int keys = view.shownKeys().size();
    int fitting = Math.clamp((columns - width - 5) / CELL, 1, keys);
    boolean itself = view.map().isSelf();
    float[][] cells = view.head();
    paragraph(
        String.format(
            Locale.ROOT,
            "Layer %d, head %d: each row attends to the numbered columns%s",
            view.focus().layer(),
            view.focus().head(),
            colour ? "" : " (tenths; . is under 0.05)"),
        out);
    if (!itself) {
      List<String> columns = view.keyLabels();
      paragraph(
          IntStream.range(0, fitting)
              .mapToObj(key -> key + " " + label(columns.get(key), most))
              .collect(Collectors.joining("  ")),
          out);
    }
    out.append(" ".repeat(width + 5));
    for (int key = 0; key < fitting; key++) {
      out.append(String.format(Locale.ROOT, "%3d", key));
    }
    out.append('\n');
    for (int query = 0; query < names.size(); query++) {
      out.append(
          String.format(
              Locale.ROOT, "%s %3d", TextWidth.right(names.get(query), width + 1), query));
      for (int key = 0; key < fitting; key++) {
        out.append(cell(cells[query][key]));
      }
      out.append('\n');
    }
    if (fitting < keys) {
      paragraph(
          String.format(
              Locale.ROOT,
              "Only the first %d of %d columns fit; --html and --png show all.",
              fitting,
              keys),
          out);
    }
  }

  private String cell(float weight) {
    String tenths = weight < 0.05f ? "." : String.valueOf(Math.min(9, Math.round(weight * 10)));
    return colour ? style().on(Palette.rgb(weight), "   ") : "  " + tenths;
  }

  /** Small pictures, as many beside each other as the terminal holds. */
  private void allHeads(AttentionView view, StringBuilder out) {
    int side = Math.min(Math.min(SMALL_SIDE, columns), view.shownKeys().size());
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
      out.append(head == first ? "" : " ").append(TextWidth.left("" + head, side));
    }
    out.append('\n');
    float[][][] small = new float[last - first][][];
    for (int head = first; head < last; head++) {
      small[head - first] =
          AttentionMap.shrink(view.head(layer, head), Math.min(SMALL_SIDE, columns));
    }
    int rows = small[0].length;
    for (int row = 0; row < rows; row += 2) {
      for (float[][] cells : small) {
        out.append(cells == small[0] ? "" : " ");
        for (int column = 0; column < side; column++) {
          out.append(half(cells[row][column], row + 1 < rows ? cells[row + 1][column] : 0));
        }
      }
      out.append('\n');
    }
  }

  /** Two cells in one character: the upper half coloured over the lower. */
  private String half(float upper, float lower) {
    return colour
        ? style().on(Palette.rgb(lower), Palette.rgb(upper), "▀")
        : String.valueOf(
            SHADES.charAt(Math.min(9, (int) (Math.sqrt(Math.max(upper, lower)) * 10))));
  }
}
