package dev.heed.picture;

import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.explain.Evidence.Marked;
import dev.heed.explain.Evidence.Overlaid;
import dev.heed.explain.Evidence.Part;
import dev.heed.explain.Evidence.Word;
import dev.heed.explain.Palette;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;

/** Draws {@link Evidence} as a PNG image. */
public final class EvidencePicture {
  private static final int MARGIN = PngPicture.MARGIN;
  private static final int WIDTH = PngPicture.WIDTH;
  private static final int LINE = 36;
  private static final int PADDING = 5;
  private static final int LARGEST_CELL = 34;
  private static final int SMALLEST_CELL = 3;
  private static final int SMALLEST_NUMBERED = 26;
  private static final int SMALLEST_LABELLED = 9;
  private static final int LONGEST_NAME = 130;
  private static final Font TITLE = PictureFonts.BOLD.deriveFont(24f);
  private static final Font SMALL = PictureFonts.PLAIN.deriveFont(12f);

  private final Evidence evidence;
  private final Graphics2D graphics;
  private final PictureFonts fonts;
  private int top = MARGIN;

  private EvidencePicture(Evidence evidence, Graphics2D graphics, PictureFonts fonts) {
    this.evidence = evidence;
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
  public static byte[] draw(Evidence evidence) {
    return TwoPassPicture.png(
        WIDTH, (graphics, fonts) -> new EvidencePicture(evidence, graphics, fonts).all());
  }

  private int all() {
    flow(evidence.title(), TITLE, PngPicture.INK);
    flow(evidence.note(), PictureFonts.PLAIN, PngPicture.PALE);
    for (Part part : evidence.parts()) {
      top += 8;
      flow(part.heading(), PictureFonts.BOLD, PngPicture.INK);
      switch (part) {
        case Marked text -> marked(text);
        case Aligned map -> aligned(map);
        case Overlaid seen -> overlaid(seen);
      }
    }
    String missing = fonts.note();
    if (missing != null) {
      flow(missing, SMALL, PngPicture.PALE);
    }
    return top + MARGIN;
  }

  /** Text in lines of the picture's width. */
  private void flow(String text, Font font, Color colour) {
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && fonts.width(graphics, font, line + " " + word) > WIDTH - 2 * MARGIN) {
        line(line.toString(), font, colour);
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    line(line.toString(), font, colour);
  }

  private void line(String text, Font font, Color colour) {
    top += font.getSize() + 6;
    graphics.setColor(colour);
    fonts.draw(graphics, font, text, MARGIN, top);
    top += 4;
  }

  private void marked(Marked text) {
    double strongest = text.strongest();
    int left = MARGIN;
    top += LINE;
    for (Word word : text.words()) {
      int width = fonts.width(graphics, PictureFonts.PLAIN, word.text());
      int label = word.label().isEmpty() ? 0 : fonts.width(graphics, SMALL, word.label()) + 4;
      int room = width + label + 2 * PADDING;
      if (left > MARGIN && (word.newLine() || left + room > WIDTH - MARGIN)) {
        left = MARGIN;
        top += LINE;
      }
      int ground = Palette.signed((float) (word.value() / strongest));
      graphics.setColor(new Color(ground));
      graphics.fillRoundRect(left, top - 20, room, 28, 8, 8);
      graphics.setColor(Palette.isDarkColour(ground) ? Color.WHITE : Color.BLACK);
      fonts.draw(graphics, PictureFonts.PLAIN, word.text(), left + PADDING, top);
      fonts.draw(graphics, SMALL, word.label(), left + PADDING + width + 4, top);
      left += room + PADDING;
    }
    top += 16;
  }

  private void aligned(Aligned map) {
    int count = Math.max(1, map.columns().size());
    int names = longest(map.rows());
    int cell = Math.clamp((WIDTH - 2 * MARGIN - names - 8) / count, SMALLEST_CELL, LARGEST_CELL);
    boolean labelled = cell >= SMALLEST_LABELLED;
    int x = MARGIN + names + 8;
    int y = top + 16 + (labelled ? longest(map.columns()) : 0);
    for (int column = 0; labelled && column < map.columns().size(); column++) {
      turned(map.columns().get(column), x + column * cell + cell / 2 + 4, y - 6);
    }
    for (int row = 0; row < map.rows().size(); row++) {
      graphics.setColor(PngPicture.INK);
      if (labelled) {
        String name = cut(map.rows().get(row));
        int width = fonts.width(graphics, SMALL, name);
        fonts.draw(graphics, SMALL, name, x - 8 - width, y + row * cell + cell / 2 + 4);
      }
      for (int column = 0; column < map.columns().size(); column++) {
        cell((float) map.weights()[row][column], x + column * cell, y + row * cell, cell);
      }
    }
    top = y + cell * map.rows().size() + 12;
  }

  /** The image beside the same under its weights. */
  private void overlaid(Overlaid seen) {
    int half = (WIDTH - 3 * MARGIN) / 2;
    top += 12;
    HeatOverlay.draw(graphics, HeatOverlay.plain(seen.image()), MARGIN, top, half);
    top +=
        HeatOverlay.draw(graphics, HeatOverlay.heat(seen), 2 * MARGIN + half, top, half) + MARGIN;
  }

  private int longest(List<String> names) {
    return names.stream().mapToInt(name -> fonts.width(graphics, SMALL, cut(name))).max().orElse(0);
  }

  private String cut(String name) {
    String shown = name;
    while (shown.length() > 2 && fonts.width(graphics, SMALL, shown) > LONGEST_NAME) {
      shown = shown.substring(0, shown.length() - 2) + "…";
    }
    return shown;
  }

  private void turned(String name, int x, int y) {
    Graphics2D turned = (Graphics2D) graphics.create();
    turned.setColor(PngPicture.INK);
    turned.translate(x, y);
    turned.rotate(-Math.PI / 2);
    fonts.draw(turned, SMALL, cut(name), 0, 0);
    turned.dispose();
  }

  private void cell(float weight, int x, int y, int side) {
    graphics.setColor(new Color(Palette.rgb(weight)));
    graphics.fillRect(x, y, side, side);
    if (side >= SMALLEST_NUMBERED && weight >= 0.05f) {
      String number = EvidencePage.figure(weight);
      int width = fonts.width(graphics, SMALL, number);
      graphics.setColor(Palette.isDark(weight) ? Color.WHITE : Color.BLACK);
      fonts.draw(graphics, SMALL, number, x + (side - width) / 2, y + side / 2 + 4);
    }
  }
}
