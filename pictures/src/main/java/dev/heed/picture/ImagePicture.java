package dev.heed.picture;

import static dev.heed.picture.PngPicture.INK;
import static dev.heed.picture.PngPicture.LINE;
import static dev.heed.picture.PngPicture.MARGIN;
import static dev.heed.picture.PngPicture.PALE;
import static dev.heed.picture.PngPicture.WIDTH;

import dev.heed.attention.position.Grid;
import dev.heed.explain.TextWidth;
import dev.heed.explain.image.ImageAttention;
import dev.heed.explain.image.ImageFocus;
import dev.heed.explain.image.ImageFocus.Place;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;

/**
 * Draws attention over an image as a PNG image: the image with the patch that attends, the same
 * under its weights, the strongest places, and every head in small.
 */
public final class ImagePicture {
  private static final int GAP = 40;
  private static final int HALF = (WIDTH - 2 * MARGIN - GAP) / 2;
  private static final int SMALL = 120;
  private static final int SMALL_GAP = 13;
  private static final int TITLE_LETTERS = 120;
  private static final int MOST_PLACES = 5;
  private static final Font TITLE = PictureFonts.BOLD.deriveFont(24f);
  private static final Font NOTE = PictureFonts.PLAIN.deriveFont(13f);

  private final String title;
  private final ImageFocus focus;
  private final Graphics2D graphics;
  private final PictureFonts fonts;
  private int top = MARGIN;

  private ImagePicture(String title, ImageFocus focus, Graphics2D graphics, PictureFonts fonts) {
    this.title = title;
    this.focus = focus;
    this.graphics = graphics;
    this.fonts = fonts;
  }

  /**
   * Draws the picture.
   *
   * @param title what was read by what
   * @return a PNG file's bytes
   * @throws IllegalStateException if this machine has no font
   */
  public static byte[] draw(String title, ImageFocus focus) {
    return TwoPassPicture.png(
        WIDTH, (graphics, fonts) -> new ImagePicture(title, focus, graphics, fonts).all());
  }

  private int all() {
    top += 8;
    line(focus.heading(), TITLE, INK, LINE);
    for (String part : TextWidth.wrap(List.of(title.split(" ")), TITLE_LETTERS)) {
      line(part, PictureFonts.PLAIN, PALE, LINE);
    }
    images();
    for (Place place : focus.strongest(MOST_PLACES)) {
      line(
          String.format(
              Locale.ROOT,
              "%.3f  row %d, column %d (pixels %d-%d from the top, %d-%d from the left)",
              place.weight(),
              place.row(),
              place.column(),
              place.top(),
              place.bottom() - 1,
              place.left(),
              place.right() - 1),
          NOTE,
          INK,
          18);
    }
    line(focus.explanation(), NOTE, PALE, 18);
    line(
        String.format(
            Locale.ROOT, "Colours are shares of the largest weight, here %.3f.", focus.largest()),
        NOTE,
        PALE,
        LINE);
    heads();
    if (focus.attention().note() != null) {
      line(focus.attention().note(), NOTE, PALE, LINE);
    }
    return top + MARGIN - LINE;
  }

  private void line(String text, Font font, Color colour, int step) {
    graphics.setColor(colour);
    fonts.draw(graphics, font, text, MARGIN, top);
    top += step;
  }

  private void images() {
    ImageAttention attention = focus.attention();
    int height =
        HeatOverlay.draw(graphics, HeatOverlay.plain(attention.image()), MARGIN, top, HALF);
    int right = MARGIN + HALF + GAP;
    HeatOverlay.draw(graphics, heat(focus), right, top, HALF);
    Grid grid = attention.places().queries();
    if (focus.patch() >= 0) {
      HeatOverlay.frame(graphics, grid, focus.patch(), MARGIN, top, HALF, height);
      if (grid.equals(attention.places().keys())) {
        HeatOverlay.frame(graphics, grid, focus.patch(), right, top, HALF, height);
      }
    }
    top += height + LINE;
  }

  private static java.awt.image.BufferedImage heat(ImageFocus focus) {
    return HeatOverlay.heat(
        focus.attention().image(),
        focus.attention().places().keys(),
        focus.places(),
        focus.largest());
  }

  private void heads() {
    int left = MARGIN;
    int height = 0;
    for (int head = 0; head < focus.attention().heads(); head++) {
      if (left + SMALL > WIDTH - MARGIN) {
        left = MARGIN;
        top += height + LINE;
      }
      ImageFocus own = focus.in(head);
      graphics.setColor(PALE);
      fonts.draw(
          graphics,
          NOTE,
          String.format(Locale.ROOT, "head %d, to %.3f", head, own.largest()),
          left,
          top);
      height = HeatOverlay.draw(graphics, heat(own), left, top + 6, SMALL) + 6;
      left += SMALL + SMALL_GAP;
    }
    top += height + LINE;
  }
}
