package dev.heed.picture.mechanism;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;

/** One panel of an image: title, what the numbers are, and below them a map or curves. */
abstract class PanelImage {
  static final int WIDTH = 620;
  static final int HEAD = 50;
  static final Color INK = new Color(0x20, 0x24, 0x2C);
  static final Color PALE = new Color(0x68, 0x70, 0x7C);
  static final Color WARNING = new Color(0xB4, 0x45, 0x00);
  static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 15);

  private final Panel panel;

  PanelImage(Panel panel) {
    this.panel = panel;
  }

  static PanelImage of(MechanismPicture picture, Panel panel) {
    return switch (panel) {
      case MapPanel map -> new MapImage(CellColour.of(picture, map));
      case CurvePanel curves -> new CurveImage(curves);
    };
  }

  /** Rows of pixels that the whole panel takes. */
  abstract int height();

  /** Draws what stands below the title. */
  abstract void body(Graphics2D graphics);

  final void draw(Graphics2D graphics) {
    try {
      PictureImage.text(graphics, BOLD, INK, fitted(graphics, BOLD, panel.title()), 0, 16);
      PictureImage.text(
          graphics,
          PLAIN,
          warns(panel) ? WARNING : PALE,
          fitted(graphics, PLAIN, panel.mark()),
          0,
          36);
      graphics.setFont(PLAIN);
      body(graphics);
    } finally {
      graphics.dispose();
    }
  }

  /** Whether a map could be taken for a softmax's weights and is not. */
  static boolean warns(Panel panel) {
    return panel.mark().startsWith("not a softmax");
  }

  private static String fitted(Graphics2D graphics, Font font, String text) {
    FontMetrics metrics = graphics.getFontMetrics(font);
    String shown = text;
    while (metrics.stringWidth(shown) > WIDTH && shown.length() > 1) {
      shown = shown.substring(0, shown.length() - 2) + "…";
    }
    return shown;
  }
}
