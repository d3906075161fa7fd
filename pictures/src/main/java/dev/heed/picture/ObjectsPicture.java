package dev.heed.picture;

import static dev.heed.picture.PngPicture.MARGIN;
import static dev.heed.picture.PngPicture.WIDTH;

import dev.heed.explain.Palette;
import dev.heed.task.FoundObject;
import dev.heed.vision.RgbImage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;

/** Draws the boxes of what was found over an image, as a PNG image. */
public final class ObjectsPicture {
  private static final Font NAME = PictureFonts.BOLD.deriveFont(13f);
  private static final int LETTERING = 18;

  /** Colours that people tell apart whatever their eyes (Okabe and Ito 2008), by class. */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x009E73),
          new Color(0xF0E442),
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0xCC79A7));

  private ObjectsPicture() {}

  /**
   * Draws the picture.
   *
   * @param image that the boxes' pixels are of
   * @return a PNG file's bytes
   * @throws IllegalArgumentException if it gets too high
   * @throws IllegalStateException if this machine has no font
   */
  public static byte[] draw(RgbImage image, List<FoundObject> objects) {
    return TwoPassPicture.png(
        WIDTH,
        (graphics, fonts) -> {
          int width = WIDTH - 2 * MARGIN;
          int height = HeatOverlay.draw(graphics, HeatOverlay.plain(image), MARGIN, MARGIN, width);
          graphics.setStroke(new BasicStroke(3));
          for (FoundObject object : objects.reversed()) {
            box(graphics, fonts, object, (double) width / image.width());
          }
          return height + 2 * MARGIN;
        });
  }

  /** The most probable one is drawn last, above the others. */
  private static void box(
      Graphics2D graphics, PictureFonts fonts, FoundObject object, double scale) {
    int left = at(object.box().left(), scale);
    int top = at(object.box().top(), scale);
    Color colour = COLOURS.get(object.box().label() % COLOURS.size());
    graphics.setColor(colour);
    graphics.drawRect(
        left, top, at(object.box().right(), scale) - left, at(object.box().bottom(), scale) - top);
    String name = String.format(Locale.ROOT, "%s %.2f", object.name(), object.box().score());
    int inside = Math.max(top, MARGIN);
    graphics.fillRect(left, inside, fonts.width(graphics, NAME, name) + 8, LETTERING);
    graphics.setColor(Palette.isDarkColour(colour.getRGB()) ? Color.WHITE : Color.BLACK);
    fonts.draw(graphics, NAME, name, left + 4, inside + LETTERING - 5);
  }

  private static int at(float pixel, double scale) {
    return MARGIN + (int) Math.round(pixel * scale);
  }
}
