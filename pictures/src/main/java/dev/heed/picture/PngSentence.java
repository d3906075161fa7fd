package dev.heed.picture;

import dev.heed.explain.AttentionView;
import dev.heed.explain.AttentionView.Word;
import dev.heed.explain.Palette;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.QuadCurve2D;
import java.util.List;
import java.util.stream.IntStream;

/** The text of a picture: each word on its weight's colour, with curves from the one in focus. */
final class PngSentence {
  private static final Font WORDS = PictureFonts.PLAIN.deriveFont(20f);
  private static final int LINE = 40;
  private static final int PADDING = 6;
  private static final int HIGHEST_CURVE = 80;

  private final Graphics2D graphics;
  private final PictureFonts fonts;
  private final List<Word> words;

  /** How many words are in the first line of the view: behind them a new line begins. */
  private final int attending;

  private final int[] centres;
  private final int[] widths;
  private final int[] lines;

  PngSentence(AttentionView view, Graphics2D graphics, PictureFonts fonts) {
    this.graphics = graphics;
    this.fonts = fonts;
    words = view.lines().stream().flatMap(List::stream).toList();
    attending = view.lines().getFirst().size();
    centres = new int[words.size()];
    widths = new int[words.size()];
    lines = new int[words.size()];
  }

  /**
   * Draws it.
   *
   * @param above the base line of what stands above
   * @return the first base line below
   */
  int draw(int above) {
    int last = place();
    int from = focus();
    int first = above + (from >= 0 && lines[from] == 0 ? HIGHEST_CURVE - 2 : LINE);
    curves(first);
    for (int i = 0; i < widths.length; i++) {
      word(i, first + lines[i] * LINE);
    }
    return first + last * LINE + 56;
  }

  /** The place of the word in focus, or -1 if it is not drawn. */
  private int focus() {
    return IntStream.range(0, words.size())
        .filter(i -> words.get(i).focus())
        .findFirst()
        .orElse(-1);
  }

  /** Breaks the text into lines and returns the last one's number. */
  private int place() {
    int left = PngPicture.MARGIN;
    int line = 0;
    for (int i = 0; i < widths.length; i++) {
      widths[i] = fonts.width(graphics, WORDS, text(i));
      int room = widths[i] + 2 * PADDING;
      boolean full = left + room > PngPicture.WIDTH - PngPicture.MARGIN;
      if (left > PngPicture.MARGIN && (full || i == attending)) {
        left = PngPicture.MARGIN;
        line++;
      }
      centres[i] = left + room / 2;
      lines[i] = line;
      left += room + PADDING;
    }
    return line;
  }

  private void word(int i, int base) {
    boolean focus = words.get(i).focus();
    float weight = words.get(i).weight();
    Color ground = focus ? PngPicture.INK : new Color(Palette.rgb(weight));
    graphics.setColor(ground);
    graphics.fillRoundRect(
        centres[i] - widths[i] / 2 - PADDING, base - 22, widths[i] + 2 * PADDING, 30, 9, 9);
    graphics.setColor(focus || Palette.isDark(weight) ? Color.WHITE : Color.BLACK);
    fonts.draw(graphics, WORDS, text(i), centres[i] - widths[i] / 2, base);
  }

  private void curves(int first) {
    int from = focus();
    for (int i = 0; from >= 0 && i < centres.length; i++) {
      float weight = words.get(i).weight();
      if (i == from || words.get(i).key() < 0 || weight < 0.02f) {
        continue;
      }
      float startY = first + lines[from] * LINE - 24f;
      float endY = first + lines[i] * LINE - 24f;
      float rise =
          Math.min(
              lines[i] == 0 && lines[from] == 0 ? HIGHEST_CURVE : LINE,
              24 + Math.abs(centres[i] - centres[from]) / 8f);
      graphics.setColor(new Color(Palette.rgb(Math.max(weight, 0.08f))));
      graphics.setStroke(
          new BasicStroke(1 + 6 * weight, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      graphics.draw(
          new QuadCurve2D.Float(
              centres[from],
              startY,
              (centres[i] + centres[from]) / 2f,
              Math.min(startY, endY) - rise,
              centres[i],
              endY));
    }
  }

  private String text(int i) {
    return words.get(i).text();
  }
}
