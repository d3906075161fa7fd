package dev.heed.explain.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Many mechanisms in one image: each with its name, what its numbers are, and one small panel. */
public final class Gallery {
  private static final int ABREAST = 6;
  private static final int SIDE = 192;
  private static final int HEAD = 42;
  private static final int GAP = 22;
  private static final int LARGE = 10;
  private static final Font NAME = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  private static final Font MARK = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  private Gallery() {}

  /**
   * Draws one map of each picture, the first that is not small.
   *
   * @return a PNG file's bytes
   * @throws IllegalStateException if this machine has no font
   */
  public static byte[] draw(List<MechanismPicture> pictures) {
    return PictureImage.drawn(() -> {
      int rows = Math.ceilDiv(pictures.size(), ABREAST);
      int width = 2 * PictureImage.MARGIN + ABREAST * (SIDE + GAP) - GAP;
      int height = 2 * PictureImage.MARGIN + rows * (SIDE + HEAD + GAP) - GAP;
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = PictureImage.graphics(image);
      try {
        for (int i = 0; i < pictures.size(); i++) {
          int left = PictureImage.MARGIN + i % ABREAST * (SIDE + GAP);
          int top = PictureImage.MARGIN + i / ABREAST * (SIDE + HEAD + GAP);
          one(graphics, pictures.get(i), left, top);
        }
      } finally {
        graphics.dispose();
      }
      return image;
    });
  }

  private static void one(Graphics2D graphics, MechanismPicture picture, int left, int top) {
    MapPanel map = chosen(picture);
    PictureImage.text(graphics, NAME, PanelImage.INK, picture.mechanism(), left, top + 14);
    Color ink = PanelImage.warns(map) ? PanelImage.WARNING : PanelImage.PALE;
    PictureImage.text(graphics, MARK, ink, brief(map), left, top + 31);
    CellColour cells = CellColour.of(picture, map);
    int rows = map.rows().size();
    int columns = map.columns().size();
    int largest = Math.max(rows, columns);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int x = column * SIDE / largest;
        int y = row * SIDE / largest;
        graphics.setColor(new Color(cells.rgb(row, column)));
        graphics.fillRect(
            left + x,
            top + HEAD + y,
            (column + 1) * SIDE / largest - x,
            (row + 1) * SIDE / largest - y);
      }
    }
    graphics.setColor(PanelImage.PALE);
    graphics.drawRect(
        left - 1, top + HEAD - 1, columns * SIDE / largest + 1, rows * SIDE / largest + 1);
  }

  private static String brief(MapPanel map) {
    return switch (map.kind()) {
      case SOFTMAX -> "softmax";
      case ESTIMATE -> "not a softmax: estimates one";
      case NOT_SOFTMAX -> "not a softmax";
      case INFLUENCE -> "not a softmax: derivatives";
      case MASK, CLASSES -> "pattern";
      case SCORES -> "scores";
      case NUMBERS -> "numbers";
    };
  }

  /** The first map that is large both ways, or the first one. */
  private static MapPanel chosen(MechanismPicture picture) {
    List<MapPanel> maps =
        picture.panels().stream()
            .filter(MapPanel.class::isInstance)
            .map(MapPanel.class::cast)
            .toList();
    return maps.stream()
        .filter(map -> Math.min(map.rows().size(), map.columns().size()) >= LARGE)
        .findFirst()
        .or(() -> maps.stream().findFirst())
        .orElseThrow(() ->
            new IllegalArgumentException(
                "gallery: expected a picture with a map, got only curves of "
                    + picture.mechanism()));
  }
}
