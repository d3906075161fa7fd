package dev.heed.picture;

import dev.heed.explain.AttentionView;
import dev.heed.explain.Palette;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.QuadCurve2D;
import java.util.List;

/** The text of a picture: each word on its weight's colour, with curves from the one in focus. */
final class PngSentence {
  private static final Font WORDS = PictureFonts.PLAIN.deriveFont(20f);
  private static final int LINE = 40;
  private static final int PADDING = 6;
  private static final int HIGHEST_CURVE = 80;

  private final AttentionView view;
  private final Graphics2D graphics;
  private final PictureFonts fonts;
  private final List<Integer> shown;
  private final int[] centres;
  private final int[] widths;
  private final int[] lines;

  PngSentence(AttentionView view, Graphics2D graphics, PictureFonts fonts) {
    this.view = view;
    this.graphics = graphics;
    this.fonts = fonts;
    shown = view.shown();
    centres = new int[shown.size()];
    widths = new int[shown.size()];
    lines = new int[shown.size()];
  }

  /**
   * Draws it.
   *
   * @param above the base line of what stands above
   * @return the first base line below
   */
  int draw(int above) {
    int last = place();
    int from = shown.indexOf(view.focus().query());
    int first = above + (from >= 0 && lines[from] == 0 ? HIGHEST_CURVE - 2 : LINE);
    curves(first);
    float[] row = view.row();
    for (int i = 0; i < shown.size(); i++) {
      word(i, row[shown.get(i)], first + lines[i] * LINE);
    }
    return first + last * LINE + 56;
  }

  /** Breaks the text into lines and returns the last one's number. */
  private int place() {
    int left = PngPicture.MARGIN;
    int line = 0;
    for (int i = 0; i < shown.size(); i++) {
      widths[i] = fonts.width(graphics, WORDS, text(i));
      int room = widths[i] + 2 * PADDING;
      if (left > PngPicture.MARGIN && left + room > PngPicture.WIDTH - PngPicture.MARGIN) {
        left = PngPicture.MARGIN;
        line++;
      }
      centres[i] = left + room / 2;
      lines[i] = line;
      left += room + PADDING;
    }
    return line;
  }

  private void word(int i, float weight, int base) {
    boolean focus = shown.get(i) == view.focus().query();
    Color ground = focus ? PngPicture.INK : new Color(Palette.rgb(weight));
    graphics.setColor(ground);
    graphics.fillRoundRect(
        centres[i] - widths[i] / 2 - PADDING, base - 22, widths[i] + 2 * PADDING, 30, 9, 9);
    graphics.setColor(focus || Palette.isDark(weight) ? Color.WHITE : Color.BLACK);
    fonts.draw(graphics, WORDS, text(i), centres[i] - widths[i] / 2, base);
  }

  private void curves(int first) {
    int from = shown.indexOf(view.focus().query());
    float[] row = view.row();
    for (int i = 0; from >= 0 && i < centres.length; i++) {
      float weight = row[shown.get(i)];
      if (i == from || weight < 0.02f) {
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
    return view.map().units().get(shown.get(i)).text();
  }
}
