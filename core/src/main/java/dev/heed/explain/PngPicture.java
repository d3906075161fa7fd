package dev.heed.explain;

import dev.heed.explain.AttentionView.Option;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.QuadCurve2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** Draws attention as a PNG image; needs no display, but a font. */
public final class PngPicture {
  private static final int MARGIN = 36;
  private static final int WIDTH = 1120;
  private static final int LINE = 26;
  private static final int LONGEST_BAR = 420;
  private static final int MOST_BARS = 10;
  private static final int LARGEST_CELL = 30;
  private static final int SMALL_SIDE = 70;
  private static final int SMALL_GAP = 15;
  private static final int LARGEST_SIDE = 20_000;
  private static final Color INK = new Color(0x20, 0x24, 0x2C);
  private static final Color PALE = new Color(0x68, 0x70, 0x7C);
  private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 16);
  private static final Font BOLD = PLAIN.deriveFont(Font.BOLD);

  private final AttentionView view;
  private final List<Integer> shown;
  private final Graphics2D graphics;
  private int top = MARGIN;

  private PngPicture(AttentionView view, Graphics2D graphics) {
    this.view = view;
    this.shown = view.shown();
    this.graphics = graphics;
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
  }

  /**
   * Draws the picture.
   *
   * @return a PNG file's bytes
   * @throws IllegalArgumentException if the text is too long for one picture
   * @throws IllegalStateException if this machine has no font
   */
  public static byte[] draw(AttentionView view) {
    System.setProperty("java.awt.headless", "true");
    try {
      int height = layout(view, new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
      if (height > LARGEST_SIDE) {
        throw new IllegalArgumentException(
            "picture: expected at most "
                + LARGEST_SIDE
                + " rows of pixels, got "
                + height
                + "; read a shorter text");
      }
      BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
      layout(view, image);
      return HeadImage.png(image);
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "the picture needs a font, and Java found none: install fontconfig and a font"
              + " (Debian: fontconfig fonts-dejavu-core), or use --html",
          e);
    }
  }

  private static int layout(AttentionView view, BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      return new PngPicture(view, graphics).all();
    } finally {
      graphics.dispose();
    }
  }

  /** Draws everything and returns the height it took. */
  private int all() {
    line(view.title(), PLAIN, PALE);
    sentence();
    bars();
    if (view.has(Option.HEAT_MAP)) {
      heatMap();
    }
    if (view.has(Option.ALL_HEADS)) {
      allHeads();
    }
    String hidden = view.hidden();
    if (hidden != null) {
      line(hidden, PLAIN, PALE);
    }
    return top + MARGIN - LINE / 2;
  }

  private void line(String text, Font font, Color colour) {
    graphics.setFont(font);
    graphics.setColor(colour);
    graphics.drawString(text, MARGIN, top);
    top += LINE;
  }

  /** The text, each word on its weight's colour, with curves from the focus on one line. */
  private void sentence() {
    float[] row = view.map().row(view.focus().layer(), view.focus().head(), view.focus().query());
    graphics.setFont(PLAIN.deriveFont(20f));
    FontMetrics metrics = graphics.getFontMetrics();
    int[] centres = new int[shown.size()];
    int[] lines = new int[shown.size()];
    int left = MARGIN;
    int line = 0;
    for (int i = 0; i < shown.size(); i++) {
      int width = metrics.stringWidth(text(shown.get(i))) + 10;
      if (left + width > WIDTH - MARGIN) {
        left = MARGIN;
        line++;
      }
      centres[i] = left + width / 2;
      lines[i] = line;
      left += width + 6;
    }
    top += line == 0 ? 70 : 10;
    if (line == 0) {
      curves(row, centres);
    }
    for (int i = 0; i < shown.size(); i++) {
      word(shown.get(i), row[shown.get(i)], centres[i], top + lines[i] * 36, metrics);
    }
    top += line * 36 + 2 * LINE;
  }

  private void word(int unit, float weight, int centre, int base, FontMetrics metrics) {
    boolean focus = unit == view.focus().query();
    int width = metrics.stringWidth(text(unit));
    graphics.setColor(focus ? INK : new Color(Palette.rgb(weight)));
    graphics.fillRoundRect(centre - width / 2 - 5, base - 20, width + 10, 28, 8, 8);
    graphics.setColor(focus || Palette.isDark(weight) ? Color.WHITE : INK);
    graphics.drawString(text(unit), centre - width / 2, base);
  }

  private void curves(float[] row, int[] centres) {
    int from = shown.indexOf(view.focus().query());
    for (int i = 0; from >= 0 && i < centres.length; i++) {
      float weight = row[shown.get(i)];
      if (i != from && weight >= 0.02f) {
        int height = Math.min(75, 26 + Math.abs(centres[i] - centres[from]) / 8);
        graphics.setColor(new Color(Palette.rgb(Math.max(weight, 0.08f))));
        graphics.setStroke(new BasicStroke(1 + 6 * weight));
        graphics.draw(
            new QuadCurve2D.Float(
                centres[from],
                top - 22f,
                (centres[i] + centres[from]) / 2f,
                top - 22f - height,
                centres[i],
                top - 22f));
      }
    }
  }

  private void bars() {
    line(view.heading() + " (counted from 0)", BOLD, INK);
    top += 4;
    graphics.setFont(PLAIN);
    FontMetrics metrics = graphics.getFontMetrics();
    List<AttentionView.Bar> bars = view.bars(MOST_BARS);
    int names = bars.stream().mapToInt(bar -> metrics.stringWidth(bar.text())).max().orElse(0);
    for (AttentionView.Bar bar : bars) {
      graphics.setColor(INK);
      int right = MARGIN + names;
      graphics.drawString(bar.text(), right - metrics.stringWidth(bar.text()), top);
      graphics.drawString(String.format(Locale.ROOT, "%.3f", bar.weight()), right + 12, top);
      graphics.setColor(new Color(Palette.rgb(Math.max(bar.weight(), 0.15f))));
      graphics.fillRoundRect(
          right + 72, top - 14, Math.round(bar.weight() * LONGEST_BAR), 18, 5, 5);
      top += LINE;
    }
    top += LINE / 2;
  }

  private void heatMap() {
    line(
        String.format(
            Locale.ROOT,
            "Layer %d, head %d: each row attends to the columns",
            view.focus().layer(),
            view.focus().head()),
        BOLD,
        INK);
    graphics.setFont(PLAIN.deriveFont(14f));
    FontMetrics metrics = graphics.getFontMetrics();
    int names = shown.stream().mapToInt(i -> metrics.stringWidth(text(i))).max().orElse(0);
    int room = WIDTH - 2 * MARGIN - names - 10;
    int cell = Math.clamp(room / shown.size(), 1, LARGEST_CELL);
    int left = MARGIN + names + 10;
    top += names;
    float[][] cells = view.head();
    for (int i = 0; i < cells.length; i++) {
      if (cell >= 10) {
        labels(i, left, cell, metrics);
      }
      for (int j = 0; j < cells.length; j++) {
        graphics.setColor(new Color(Palette.rgb(cells[i][j])));
        graphics.fillRect(left + j * cell, top + i * cell, cell, cell);
      }
    }
    graphics.setColor(PALE);
    graphics.setStroke(new BasicStroke(1));
    graphics.drawRect(left - 1, top - 1, cell * cells.length + 1, cell * cells.length + 1);
    top += cell * cells.length + 2 * LINE;
  }

  private void labels(int i, int left, int cell, FontMetrics metrics) {
    String text = text(shown.get(i));
    graphics.setColor(INK);
    int base = i * cell + cell / 2 + metrics.getAscent() / 2 - 1;
    graphics.drawString(text, left - 8 - metrics.stringWidth(text), top + base);
    Graphics2D turned = (Graphics2D) graphics.create();
    turned.translate(left + base, top - 8);
    turned.rotate(-Math.PI / 2);
    turned.drawString(text, 0, 0);
    turned.dispose();
  }

  private void allHeads() {
    line("Every head: layers from top to bottom, heads from left to right", BOLD, INK);
    graphics.setFont(PLAIN.deriveFont(12f));
    int abreast = Math.max(1, (WIDTH - 2 * MARGIN - 20) / (SMALL_SIDE + SMALL_GAP));
    for (int layer = 0; layer < view.map().layers(); layer++) {
      for (int head = 0; head < view.map().heads(); head++) {
        int column = head % abreast;
        if (head > 0 && column == 0) {
          top += SMALL_SIDE + SMALL_GAP + 6;
        }
        int left = MARGIN + 20 + column * (SMALL_SIDE + SMALL_GAP);
        small(layer, head, left);
      }
      graphics.setColor(INK);
      graphics.drawString(String.valueOf(layer), MARGIN, top + SMALL_SIDE / 2);
      top += SMALL_SIDE + SMALL_GAP + 6;
    }
    top += LINE / 2;
  }

  private void small(int layer, int head, int left) {
    BufferedImage image = HeadImage.of(view.head(layer, head));
    graphics.drawImage(image, left, top, SMALL_SIDE, SMALL_SIDE, null);
    boolean chosen = layer == view.focus().layer() && head == view.focus().head();
    graphics.setColor(chosen ? Color.RED : PALE);
    graphics.setStroke(new BasicStroke(chosen ? 3 : 1));
    graphics.drawRect(left - 1, top - 1, SMALL_SIDE + 1, SMALL_SIDE + 1);
    graphics.setColor(PALE);
    graphics.drawString(String.valueOf(head), left, top + SMALL_SIDE + 13);
  }

  private String text(int unit) {
    return view.map().units().get(unit).text();
  }
}
