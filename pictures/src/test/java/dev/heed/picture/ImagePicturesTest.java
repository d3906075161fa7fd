package dev.heed.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.position.Grid;
import dev.heed.attention.position.TokenGrids;
import dev.heed.explain.Palette;
import dev.heed.explain.image.ImageAttention;
import dev.heed.explain.image.ImageAttention.Layer;
import dev.heed.explain.image.ImageFocus;
import dev.heed.vision.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ImagePicturesTest {
  private static RgbImage white(int height, int width) {
    byte[] pixels = new byte[3 * height * width];
    Arrays.fill(pixels, (byte) 255);
    return new RgbImage(height, width, pixels);
  }

  /** A class token and patches; each token attends to the first patch and to the last one. */
  private static ImageAttention attention(int rows, int columns) {
    Grid grid = new Grid(rows, columns);
    float[][] head = new float[1 + grid.places()][1 + grid.places()];
    for (float[] row : head) {
      row[1] = 0.75f;
      row[grid.places()] = 0.25f;
    }
    return new ImageAttention(
        white(4 * rows, 4 * columns),
        List.of(new Layer("layer", new TokenGrids(grid, grid, 0))),
        0,
        new float[][][] {head, head},
        null);
  }

  @Test
  void places_are_coloured_by_their_share_of_the_largest() {
    float[] weights = {0.75f, 0, 0, 0.25f};
    BufferedImage heat = HeatOverlay.heat(white(8, 8), new Grid(2, 2), weights, 0.75f);
    assertThat(heat.getRGB(0, 0)).isEqualTo(heat.getRGB(3, 3)).isNotEqualTo(heat.getRGB(4, 3));
    assertThat(heat.getRGB(7, 0) & 0xFFFFFF).isEqualTo(0xFFFFFF);
    assertThat(Palette.contrast(heat.getRGB(0, 0) & 0xFFFFFF, 0xFFFFFF))
        .isGreaterThan(Palette.contrast(heat.getRGB(7, 7) & 0xFFFFFF, 0xFFFFFF));
  }

  @Test
  void a_picture_can_be_read_again() throws Exception {
    ImageFocus focus = ImageFocus.at(attention(2, 3), ImageAttention.MEAN, 1, 2);
    byte[] bytes = ImagePicture.draw("title", focus);
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(bytes));
    assertThat(picture.getWidth()).isEqualTo(2240);
    assertThat(picture.getHeight()).isGreaterThan(700);
  }

  @Test
  void a_page_needs_nothing_else_and_can_be_clicked_on() {
    ImageFocus focus = ImageFocus.of(attention(2, 3), ImageAttention.MEAN);
    String page = ImagePage.write("<b>title", focus);
    assertThat(page)
        .contains("&lt;b&gt;title", "data:image/png;base64,", "class token", "row 1, column 2")
        .contains("Places of the image get 1.000 together")
        .doesNotContain("<b>", "src=\"http", "href", "@import", "url(")
        .containsOnlyOnce("</h1>");
    assertThat(page.split("</script>", -1)).as("two scripts end").hasSize(3);
    assertThat(page.split("<button", -1)).as("a button for each token").hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({"41, 41", "1700, 1"})
  void a_page_of_many_places_shows_one_token(int rows, int columns) {
    String page = ImagePage.write("title", ImageFocus.of(attention(rows, columns), 0));
    assertThat(page)
        .contains("holds the token in focus alone")
        .doesNotContain("<button", "<script");
    assertThat(page.length()).isLessThan(2_000_000);
  }
}
