package dev.heed.picture.mechanism;

import dev.heed.picture.HeadImage;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws pictures of mechanisms as PNG images; needs no display, but a font. */
public final class PictureImage {
  static final int MARGIN = 28;
  private static final int GAP = 44;
  private static final int ABREAST = 2;
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);
  private static final Font NOTE = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  private PictureImage() {}

  /**
   * Draws one picture: its panels two abreast, with axes, legends and what each is.
   *
   * @return a PNG file's bytes
   * @throws IllegalStateException if this machine has no font
   */
  public static byte[] draw(MechanismPicture picture) {
    return drawn(() -> {
      List<PanelImage> panels =
          picture.panels().stream().map(panel -> PanelImage.of(picture, panel)).toList();
      int abreast = Math.min(ABREAST, panels.size());
      int width = 2 * MARGIN + abreast * PanelImage.WIDTH + (abreast - 1) * GAP;
      int height = MARGIN + 40;
      for (int first = 0; first < panels.size(); first += abreast) {
        height += rowHeight(panels, first, abreast) + GAP;
      }
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = graphics(image);
      try {
        text(graphics, TITLE, PanelImage.INK, picture.mechanism(), MARGIN, MARGIN + 14);
        int top = MARGIN + 40;
        for (int first = 0; first < panels.size(); first += abreast) {
          for (int i = first; i < Math.min(panels.size(), first + abreast); i++) {
            int left = MARGIN + (i - first) * (PanelImage.WIDTH + GAP);
            panels.get(i).draw((Graphics2D) graphics.create(left, top, PanelImage.WIDTH, height));
          }
          top += rowHeight(panels, first, abreast) + GAP;
        }
        text(graphics, NOTE, PanelImage.PALE, picture.example(), MARGIN, height - 14);
      } finally {
        graphics.dispose();
      }
      return image;
    });
  }

  private static int rowHeight(List<PanelImage> panels, int first, int abreast) {
    return panels.subList(first, Math.min(panels.size(), first + abreast)).stream()
        .mapToInt(PanelImage::height)
        .max()
        .orElse(0);
  }

  /** Graphics over a white image, with smooth text. */
  static Graphics2D graphics(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    return graphics;
  }

  static void text(Graphics2D graphics, Font font, Color colour, String text, int left, int base) {
    graphics.setFont(font);
    graphics.setColor(colour);
    graphics.drawString(text, left, base);
  }

  /** Something that draws an image. */
  @FunctionalInterface
  interface Drawing {
    BufferedImage draw();
  }

  /** Draws without a display, and says so when there is no font. */
  static byte[] drawn(Drawing drawing) {
    System.setProperty("java.awt.headless", "true");
    try {
      return HeadImage.png(drawing.draw());
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "the picture needs a font, and Java found none: install fontconfig and a font"
              + " (Debian: fontconfig fonts-dejavu-core), or use --html",
          e);
    }
  }
}
