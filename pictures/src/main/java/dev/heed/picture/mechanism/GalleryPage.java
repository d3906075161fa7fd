package dev.heed.picture.mechanism;

import dev.heed.explain.Palette;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** One page of a gallery: a heading, maps in rows, and what the colours mean. */
final class GalleryPage {
  static final int WIDTH = 1920;
  static final int HEIGHT = 1080;
  private static final int MARGIN = 60;
  private static final int HEAD = 96;
  private static final int FOOT = 76;
  private static final int GAP = 34;
  private static final int LARGEST_SIDE = 560;
  private static final int BAR = 300;
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 42);
  private static final Font NOTE = new Font(Font.SANS_SERIF, Font.PLAIN, 18);

  private final String title;
  private final List<GalleryPanel> panels;
  private final int number;
  private final int count;

  GalleryPage(String title, List<GalleryPanel> panels, int number, int count) {
    this.title = title;
    this.panels = panels;
    this.number = number;
    this.count = count;
  }

  BufferedImage draw() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = PictureImage.graphics(image);
    try {
      PictureImage.text(graphics, TITLE, PanelImage.INK, title, MARGIN, MARGIN + 24);
      String page = String.format(Locale.ROOT, "Heed · %d of %d", number, count);
      right(graphics, page, MARGIN + 20);
      grid(graphics);
      legend(graphics);
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private static void right(Graphics2D graphics, String text, int base) {
    int width = graphics.getFontMetrics(NOTE).stringWidth(text);
    PictureImage.text(graphics, NOTE, PanelImage.PALE, text, WIDTH - MARGIN - width, base);
  }

  /** As many rows as let the maps be largest; rows differ by one map at most, and are centred. */
  private void grid(Graphics2D graphics) {
    int rows = 1;
    for (int more = 2; more <= panels.size(); more++) {
      rows = side(more) > side(rows) ? more : rows;
    }
    int side = side(rows);
    int height = side + GalleryPanel.EXTRA;
    int free = HEIGHT - HEAD - MARGIN - FOOT - rows * height;
    int space = Math.max(0, free / (rows + 1));
    int first = 0;
    for (int row = 0; row < rows; row++) {
      int last = first + (panels.size() - first) / (rows - row);
      int abreast = last - first;
      int gap = Math.clamp((WIDTH - 2 * MARGIN - abreast * side) / (abreast + 1), GAP, 2 * GAP);
      int left = (WIDTH - abreast * (side + gap) + gap) / 2;
      int top = HEAD + MARGIN / 2 + space + row * (height + space);
      for (int i = first; i < last; i++) {
        panels.get(i).draw(graphics, left + (i - first) * (side + gap), top, side);
      }
      first = last;
    }
  }

  /** The side of a map when there are so many rows. */
  private int side(int rows) {
    int abreast = Math.ceilDiv(panels.size(), rows);
    int width = (WIDTH - 2 * MARGIN - (abreast - 1) * GAP) / abreast;
    int height = (HEIGHT - HEAD - MARGIN / 2 - FOOT) / rows - GalleryPanel.EXTRA;
    return Math.min(LARGEST_SIDE, Math.min(width, height));
  }

  private void legend(Graphics2D graphics) {
    int x = MARGIN;
    int y = HEIGHT - 44;
    boolean amounts = panels.stream().anyMatch(panel -> !panel.map().kind().categorical());
    if (amounts) {
      x = bar(graphics, x, y);
    }
    if (panels.stream().anyMatch(panel -> panel.map().kind() == MapKind.MASK)) {
      graphics.setColor(new Color(Palette.kind(0)));
      graphics.fillRect(x, y, 18, 18);
      PictureImage.text(graphics, NOTE, PanelImage.INK, "may attend", x + 26, y + 15);
    }
    right(graphics, "rows take from columns", y + 15);
  }

  /** The scale's colours, from the darkest below zero where a map goes there. */
  private int bar(Graphics2D graphics, int left, int y) {
    boolean signed =
        panels.stream()
            .anyMatch(panel -> !panel.map().kind().categorical() && panel.map().signed());
    for (int i = 0; i < BAR; i++) {
      float share = (float) i / (BAR - 1);
      graphics.setColor(new Color(Palette.signed(signed ? 2 * share - 1 : share)));
      graphics.fillRect(left + i, y, 1, 18);
    }
    graphics.setColor(PanelImage.PALE);
    graphics.drawRect(left - 1, y - 1, BAR + 1, 19);
    String text =
        signed
            ? "from −1 over 0 to 1 times each map's scale, by its square root"
            : "from 0 to each map's scale, by its square root";
    PictureImage.text(graphics, NOTE, PanelImage.INK, text, left + BAR + 14, y + 15);
    return left + BAR + 14 + graphics.getFontMetrics(NOTE).stringWidth(text) + 50;
  }
}
