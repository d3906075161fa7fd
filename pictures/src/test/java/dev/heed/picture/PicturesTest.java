package dev.heed.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.explain.AttentionView;
import dev.heed.explain.AttentionView.Option;
import dev.heed.explain.Focus;
import dev.heed.explain.FocusChoice;
import dev.heed.explain.Palette;
import dev.heed.explain.TerminalView;
import dev.heed.explain.TextWidth;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class PicturesTest {
  private static final AttentionMap MAP =
      new AttentionMap(
          List.of(
              new Unit("[CLS]", true, false, -1, 0, 0),
              new Unit("<b>", false, false, 0, 0, 3),
              new Unit("it", false, false, 1, 4, 6)),
          new float[][][][] {
            {{{1, 0, 0}, {0, 1, 0}, {0.25f, 0.625f, 0.125f}}},
            {{{1, 0, 0}, {0.5f, 0.5f, 0}, {0.75f, 0, 0.25f}}}
          });

  private static AttentionView view(boolean hideSpecial) {
    AttentionView view =
        new AttentionView("title", MAP, new Focus(2, 0, 0, 1, 0.5, 2))
            .with(Option.HEAT_MAP, Option.ALL_HEADS);
    return hideSpecial ? view.with(Option.HIDE_SPECIAL) : view;
  }

  @Test
  void the_terminal_without_colour_draws_bars_map_and_every_head() {
    String drawn = new TerminalView(false, 80).draw(view(false));
    assertThat(drawn)
        .doesNotContain("\u001b")
        .contains("[CLS] <b> >it<")
        .contains("\"it\" → \"<b>\" in layer 0, head 0:")
        .contains("    <b>  0.625  0.313  " + "█".repeat(25) + "\n")
        .contains("  it   2  3  6  1\n")
        .contains("layer 1")
        .contains("the mean is over all 2 heads, of which this is the most")
        .doesNotContain("renormalised");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 33, 60, 120})
  void lines_fit_the_terminal(int columns) {
    List<Unit> units = new ArrayList<>();
    for (int i = 0; i < 41; i++) {
      units.add(new Unit(i % 3 == 0 ? "猫は" : "wordOrTwo" + i, false, i == 3, i, 9 * i, 9 * i + 2));
    }
    float[][] rows = new float[41][41];
    for (int i = 0; i < 41; i++) {
      rows[i][(i * 7 + 3) % 41] = 1;
    }
    AttentionMap map = new AttentionMap(units, new float[][][][] {{rows}, {rows}});
    AttentionView view =
        new AttentionView("A title of some length", map, FocusChoice.of(map))
            .with(Option.HEAT_MAP, Option.ALL_HEADS);
    String drawn = new TerminalView(false, columns).draw(view);
    assertThat(drawn.lines())
        .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(columns));
    assertThat(drawn).contains("猫は");
    assertThat(drawn.replace('\n', ' ')).contains("it reads 猫は as [UNK]");
    assertThat(drawn.replace('\n', ' ')).contains("of 41 columns fit;");
  }

  @Test
  void texts_colour_can_be_read_on_every_weight() {
    for (float weight = 0; weight <= 1; weight += 1f / 64) {
      int rgb = Palette.rgb(weight);
      int ink = Palette.isDarkColour(rgb) ? 0xFFFFFF : 0x000000;
      assertThat(Palette.contrast(rgb, ink)).as("weight %s", weight).isGreaterThan(4.5);
      int dark = Palette.dark(weight);
      int light = Palette.isDarkColour(dark) ? 0xFFFFFF : 0x000000;
      assertThat(Palette.contrast(dark, light)).as("dark %s", weight).isGreaterThan(4.5);
    }
    assertThat(Palette.contrast(0, 0xFFFFFF)).isEqualTo(21);
  }

  @Test
  void what_the_text_holds_cannot_command_the_terminal() {
    AttentionMap map =
        new AttentionMap(
            List.of(
                new Unit("\u001b]0;x\u0007", false, false, 0, 0, 6),
                new Unit("it", false, false, 1, 7, 9)),
            new float[][][][] {{{{0.5f, 0.5f}, {0.5f, 0.5f}}}});
    AttentionView view = new AttentionView("\u009b1m", map, FocusChoice.of(map));
    assertThat(new TerminalView(false, 80).draw(view.with(Option.HEAT_MAP)).chars())
        .doesNotContain(0x1b, 7, 0x9b);
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
  void the_picture_has_the_colours_of_the_weights_and_their_legend() throws IOException {
    BufferedImage picture =
        read(PngPicture.draw(view(false).with(Option.HEAT_MAP, Option.OTHER_WORDS)));
    assertThat(picture.getWidth()).isEqualTo(2240);
    assertThat(pixels(picture, 0, Palette.rgb(0.625f))).isPositive();
    // The legend alone has the colour of the whole weight; the map stands beside the bars.
    assertThat(pixels(picture, 1120, Palette.rgb(1))).isPositive();
    assertThat(pixels(picture, 1120, Palette.rgb(0.625f))).isPositive();
  }

  @Test
  void the_picture_is_as_high_as_what_it_holds() throws IOException {
    BufferedImage picture = read(PngPicture.draw(view(false).with(Option.HEAT_MAP)));
    int last = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        last = (picture.getRGB(x, y) & 0xFFFFFF) == 0xFFFFFF ? last : y;
      }
    }
    assertThat(picture.getHeight() - last).isBetween(20, 160);
  }

  @Test
  void letters_that_no_font_has_are_told() {
    PictureFonts fonts = new PictureFonts();
    Graphics2D graphics = new BufferedImage(100, 40, BufferedImage.TYPE_INT_RGB).createGraphics();
    fonts.draw(graphics, PictureFonts.PLAIN, "plain", 0, 20);
    assertThat(fonts.note()).isNull();
    // An unassigned code point: there is no such letter.
    fonts.draw(graphics, PictureFonts.PLAIN, "a\u0378 b", 0, 20);
    graphics.dispose();
    assertThat(fonts.note()).contains("(U+0378)").contains("--html");
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  /** How many pixels of a colour there are from a column on. */
  private static int pixels(BufferedImage picture, int left, int rgb) {
    int count = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = left; x < picture.getWidth(); x++) {
        count += (picture.getRGB(x, y) & 0xFFFFFF) == rgb ? 1 : 0;
      }
    }
    return count;
  }
}
