package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.explain.AttentionMap.Unit;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PicturesTest {
  private static final AttentionMap MAP =
      new AttentionMap(
          List.of(
              new Unit("[CLS]", true, -1, 0, 0),
              new Unit("<b>", false, 0, 0, 3),
              new Unit("it", false, 1, 4, 6)),
          new float[][][][] {
            {{{1, 0, 0}, {0, 1, 0}, {0.25f, 0.625f, 0.125f}}},
            {{{1, 0, 0}, {0.5f, 0.5f, 0}, {0.75f, 0, 0.25f}}}
          });

  private static AttentionView view(boolean hideSpecial) {
    return new AttentionView(
        "title", MAP, new Focus(2, 0, 0, 1, 0.5), true, true, hideSpecial, false);
  }

  @Test
  void the_terminal_without_colour_draws_bars_map_and_every_head() {
    String drawn = new TerminalView(false, 80).draw(view(false));
    assertThat(drawn)
        .doesNotContain("\u001b")
        .contains("[CLS] <b> >it<")
        .contains("\"it\" in layer 0, head 0, the head most selective for it")
        .contains("    <b>  0.625  " + "█".repeat(25) + "\n")
        .contains("  it   2  3  6  1\n")
        .contains("layer 1")
        .doesNotContain("renormalised");
  }

  @Test
  void the_terminal_with_colour_marks_weights_by_their_colour() {
    String drawn = new TerminalView(true, 80).draw(view(false));
    int rgb = Palette.rgb(0.625f);
    assertThat(drawn)
        .contains("\u001b[48;2;%d;%d;%dm".formatted(rgb >> 16, rgb >> 8 & 255, rgb & 255));
    assertThat(Palette.rgb(0)).isEqualTo(0xFFFFFF);
    assertThat(Palette.rgb(1)).isEqualTo(0x31146E);
  }

  @Test
  void hiding_special_tokens_says_what_is_missing() {
    String drawn = new TerminalView(false, 80).draw(view(true));
    assertThat(drawn)
        .contains("hidden: [CLS], which get 0.250 of it; rows are not renormalised")
        .contains("0.625")
        .contains("  it   1  6  1\n");
  }

  @Test
  void the_page_needs_nothing_else_and_escapes_the_text() {
    String page = HtmlPage.write(view(false));
    assertThat(page)
        .contains("&lt;b&gt;")
        .doesNotContain("<b>")
        .contains("data:image/png;base64,")
        .doesNotContain("http")
        .doesNotContain("<script");
  }

  @Test
  void the_picture_has_the_colours_of_the_weights() throws IOException {
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(PngPicture.draw(view(false))));
    assertThat(picture.getWidth()).isEqualTo(1120);
    boolean found = false;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        found |= (picture.getRGB(x, y) & 0xFFFFFF) == Palette.rgb(0.625f);
      }
    }
    assertThat(found).isTrue();
  }
}
