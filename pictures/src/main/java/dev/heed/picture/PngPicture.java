package dev.heed.picture;

import dev.heed.explain.AttentionView;
import dev.heed.explain.AttentionView.Bar;
import dev.heed.explain.AttentionView.Option;
import dev.heed.explain.Focus;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Draws attention as a PNG image.
 *
 * <p>Below the text stand the bars, and beside them the head's map with its legend.
 */
public final class PngPicture {
  static final int MARGIN = 36;
  static final int WIDTH = 1120;
  static final int LINE = 26;
  static final Color INK = new Color(0x20, 0x24, 0x2C);
  static final Color PALE = new Color(0x56, 0x5D, 0x69);

  private static final int LEFT_COLUMN = 440;
  private static final int GAP = 40;
  private static final int MOST_BARS = 12;
  private static final int MOST_OTHERS = 5;
  private static final int LONGEST_NAME = 150;
  private static final int SMALL_SIDE = 70;
  private static final int SMALL_GAP = 15;
  private static final Color BAR = new Color(0x2A, 0x5C, 0xA8);
  private static final Color MEAN = new Color(0xB4, 0x53, 0x09);
  private static final Font TITLE = PictureFonts.BOLD.deriveFont(24f);
  private static final Font SMALL = PictureFonts.PLAIN.deriveFont(13f);

  private final AttentionView view;
  private final Graphics2D graphics;
  private final PictureFonts fonts;
  private int top = MARGIN;

  private PngPicture(AttentionView view, Graphics2D graphics, PictureFonts fonts) {
    this.view = view;
    this.graphics = graphics;
    this.fonts = fonts;
  }

  /**
   * Draws the picture.
   *
   * @return a PNG file's bytes
   * @throws IllegalArgumentException if the text is too long for one picture
   * @throws IllegalStateException if this machine has no font
   */
  public static byte[] draw(AttentionView view) {
    return TwoPassPicture.png(
        WIDTH, (graphics, fonts) -> new PngPicture(view, graphics, fonts).all());
  }

  /** Draws everything and returns the height it took. */
  private int all() {
    top += 8;
    line(view.heading(), TITLE, INK);
    line(view.title(), PictureFonts.PLAIN, PALE);
    top = new PngSentence(view, graphics, fonts).draw(top);
    int columns = top;
    bars();
    if (view.has(Option.OTHER_WORDS)) {
      otherWords();
    }
    int left = top;
    if (view.has(Option.HEAT_MAP)) {
      PngHeatMap map = new PngHeatMap(view, graphics, fonts);
      int x = MARGIN + LEFT_COLUMN + GAP;
      top = Math.max(left, map.draw(x, columns, WIDTH - MARGIN - x) + LINE);
    }
    if (view.has(Option.ALL_HEADS)) {
      allHeads();
    }
    note(view.hidden());
    note(view.unknown());
    note(fonts.note());
    return top + MARGIN - LINE;
  }

  private void note(@Nullable String text) {
    if (text != null) {
      paragraph(text, WIDTH - 2 * MARGIN);
    }
  }

  private void line(String text, Font font, Color colour) {
    graphics.setColor(colour);
    fonts.draw(graphics, font, text, MARGIN, top);
    top += LINE;
  }

  /** Small text in lines of a width. */
  private void paragraph(String text, int width) {
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && fonts.width(graphics, SMALL, longer) > width) {
        small(line.toString());
        line.setLength(0);
        line.append(word);
      } else {
        line.setLength(0);
        line.append(longer);
      }
    }
    small(line.toString());
    top += 6;
  }

  private void small(String text) {
    graphics.setColor(PALE);
    fonts.draw(graphics, SMALL, text, MARGIN, top);
    top += 18;
  }

  private void bars() {
    List<Bar> bars = view.bars(MOST_BARS);
    int names = 0;
    for (Bar bar : bars) {
      names = Math.max(names, fonts.width(graphics, PictureFonts.PLAIN, bar.text()));
    }
    int right = MARGIN + Math.min(names, LONGEST_NAME);
    int start = right + 122;
    header(right, start);
    for (Bar bar : bars) {
      bar(bar, right, start);
      top += LINE;
    }
    int others = view.shownKeys().size() - bars.size();
    if (others > 0) {
      small(others + (others == 1 ? " more gets" : " more get") + " less");
    }
    top += 4;
    paragraph(view.explanation(), LEFT_COLUMN);
  }

  /** What the two numbers and the two bars are. */
  private void header(int right, int start) {
    graphics.setColor(PALE);
    fonts.draw(graphics, SMALL, "here", right + 14, top);
    fonts.draw(graphics, SMALL, "mean", right + 68, top);
    graphics.setColor(BAR);
    graphics.fillRect(start, top - 9, 14, 9);
    graphics.setColor(MEAN);
    graphics.fillRect(start + 96, top - 6, 14, 4);
    graphics.setColor(PALE);
    fonts.draw(graphics, SMALL, "this head", start + 20, top);
    fonts.draw(graphics, SMALL, "mean of all " + view.headCount(), start + 116, top);
    top += LINE;
  }

  private void bar(Bar bar, int right, int start) {
    graphics.setColor(INK);
    String name = bar.text();
    while (name.length() > 2 && fonts.width(graphics, PictureFonts.PLAIN, name) > LONGEST_NAME) {
      name = name.substring(0, name.length() - 2) + "…";
    }
    int width = fonts.width(graphics, PictureFonts.PLAIN, name);
    fonts.draw(graphics, PictureFonts.PLAIN, name, right - width, top);
    number(bar.weight(), right + 14);
    number(bar.mean(), right + 68);
    int longest = MARGIN + LEFT_COLUMN - start;
    graphics.setColor(BAR);
    graphics.fillRoundRect(start, top - 14, Math.round(bar.weight() * longest), 12, 4, 4);
    graphics.setColor(MEAN);
    graphics.fillRoundRect(start, top, Math.round(bar.mean() * longest), 4, 2, 2);
  }

  private void number(float weight, int left) {
    fonts.draw(graphics, PictureFonts.PLAIN, String.format(Locale.ROOT, "%.3f", weight), left, top);
  }

  private void otherWords() {
    List<String> queries = view.map().queryLabels();
    List<String> keys = view.map().keyLabels();
    List<Focus> others = view.otherWords().stream().limit(MOST_OTHERS).toList();
    top += 8;
    if (!others.isEmpty()) {
      line("Other words, each in its own head", PictureFonts.BOLD, INK);
    }
    for (Focus other : others) {
      String words = queries.get(other.query()) + " → " + keys.get(other.key());
      String figures =
          String.format(
              Locale.ROOT,
              "%.3f (mean %.3f), layer %d, head %d",
              view.map().row(other.layer(), other.head(), other.query())[other.key()],
              view.map().meanRow(other.query())[other.key()],
              other.layer(),
              other.head());
      graphics.setColor(INK);
      fonts.draw(graphics, PictureFonts.PLAIN, words, MARGIN, top);
      int width = fonts.width(graphics, SMALL, figures);
      graphics.setColor(PALE);
      fonts.draw(graphics, SMALL, figures, MARGIN + LEFT_COLUMN - width, top);
      top += LINE - 2;
    }
    view.silent().forEach(sentence -> paragraph(sentence, LEFT_COLUMN));
  }

  private void allHeads() {
    top += LINE / 2;
    line("Every head: layers from top to bottom, heads from left to right", PictureFonts.BOLD, INK);
    int abreast = Math.max(1, (WIDTH - 2 * MARGIN - 20) / (SMALL_SIDE + SMALL_GAP));
    for (int layer = 0; layer < view.map().layers(); layer++) {
      for (int head = 0; head < view.map().heads(); head++) {
        int column = head % abreast;
        if (head > 0 && column == 0) {
          top += SMALL_SIDE + SMALL_GAP + 6;
        }
        small(layer, head, MARGIN + 20 + column * (SMALL_SIDE + SMALL_GAP));
      }
      graphics.setColor(INK);
      fonts.draw(graphics, SMALL, String.valueOf(layer), MARGIN, top + SMALL_SIDE / 2);
      top += SMALL_SIDE + SMALL_GAP + 6;
    }
    top += LINE / 2;
  }

  private void small(int layer, int head, int left) {
    BufferedImage image = HeadImage.of(view.head(layer, head));
    graphics.drawImage(image, left, top, SMALL_SIDE, SMALL_SIDE, null);
    boolean chosen = layer == view.focus().layer() && head == view.focus().head();
    graphics.setColor(chosen ? MEAN : PALE);
    graphics.setStroke(new BasicStroke(chosen ? 3 : 1));
    graphics.drawRect(left - 1, top - 1, SMALL_SIDE + 1, SMALL_SIDE + 1);
    graphics.setColor(PALE);
    fonts.draw(graphics, SMALL, String.valueOf(head), left, top + SMALL_SIDE + 13);
  }
}
