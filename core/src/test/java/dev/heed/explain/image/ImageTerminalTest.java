package dev.heed.explain.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.position.Grid;
import dev.heed.attention.position.TokenGrids;
import dev.heed.explain.image.ImageAttention.Layer;
import dev.heed.vision.RgbImage;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ImageTerminalTest {
  /** A class token and two by two patches, in two heads. */
  private static ImageAttention attention() {
    Grid grid = new Grid(2, 2);
    float[][] first = new float[5][];
    float[][] second = new float[5][];
    for (int i = 0; i < 5; i++) {
      first[i] = new float[] {0.2f, 0.4f, 0.2f, 0.2f, 0};
      second[i] = new float[] {0.6f, 0, 0, 0.4f, 0};
    }
    return new ImageAttention(
        new RgbImage(4, 6, new byte[72]),
        List.of(new Layer("layer", new TokenGrids(grid, grid, 0))),
        0,
        new float[][][] {first, second},
        "A note.");
  }

  @Test
  void draws_the_mean_and_every_head() {
    String drawn =
        new ImageTerminal(false, 80)
            .draw("title \u001b[31m", ImageFocus.of(attention(), ImageAttention.MEAN));
    assertThat(drawn)
        .doesNotContain("\u001b")
        .contains("Layer 0, mean of 2 heads: what the class token attends to:")
        .contains("@@  \n")
        .contains("  0.300  row 1, column 0 (pixels 2-3 from the top, 0-2 from the left)")
        .contains("Places of the image get 0.600 together, other tokens 0.400.")
        .contains("head 1: row 1, column 0  0.400 of 0.400")
        .contains("A note.");
  }

  @Test
  void marks_the_patch_itself_and_fits_narrow_terminals() {
    ImageFocus focus = ImageFocus.at(attention(), 0, 1, 1);
    String drawn = new ImageTerminal(false, 100).draw("title", focus);
    assertThat(drawn)
        .contains("Layer 0, head 0: what the patch in row 1, column 1 attends to:")
        .contains("@@++\n++[]\n")
        .contains("the brackets are the patch itself")
        .doesNotContain("Each head");
    assertThat(new ImageTerminal(false, 2).draw("title", focus)).contains("\n[@\n");
    assertThat(new ImageTerminal(true, 80).draw("title", focus)).contains("\u001b[48;2;");
  }
}
