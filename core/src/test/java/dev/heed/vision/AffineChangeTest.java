package dev.heed.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AffineChangeTest {
  private static final RgbImage IMAGE = new RgbImage(3, 3, grey(1, 2, 3, 4, 5, 6, 7, 8, 9));

  private static byte[] grey(int... levels) {
    byte[] pixels = new byte[3 * levels.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) levels[i / 3];
    }
    return pixels;
  }

  private static RgbImage changed(
      double degrees, double scale, double right, double down, boolean mirrored) {
    return new AffineChange(degrees, scale, right, down, mirrored).apply(IMAGE);
  }

  @Test
  void nothing_changes_nothing() {
    assertThat(changed(0, 1, 0, 0, false).pixels()).isEqualTo(IMAGE.pixels());
  }

  @Test
  void a_quarter_turn_is_clockwise() {
    assertThat(changed(90, 1, 0, 0, false).pixels()).isEqualTo(grey(7, 4, 1, 8, 5, 2, 9, 6, 3));
  }

  @Test
  void beyond_the_edges_stands_the_nearest_pixel() {
    assertThat(changed(0, 1, 1, 0, false).pixels()).isEqualTo(grey(1, 1, 2, 4, 4, 5, 7, 7, 8));
    assertThat(changed(0, 1, 0, -2, false).pixels()).isEqualTo(grey(7, 8, 9, 7, 8, 9, 7, 8, 9));
  }

  @Test
  void between_pixels_values_are_bilinear() {
    assertThat(changed(0, 2, 0, 0, false).at(0, 0, 0)).isEqualTo(3);
    assertThat(changed(0, 1, 0, 0.5, false).at(2, 0, 1)).isEqualTo(6);
  }

  @Test
  void left_and_right_change_places() {
    assertThat(changed(0, 1, 0, 0, true).pixels()).isEqualTo(grey(3, 2, 1, 6, 5, 4, 9, 8, 7));
  }

  @Test
  void an_image_does_not_vanish() {
    assertThatThrownBy(() -> changed(0, 0, 0, 0, false))
        .hasMessageContaining("a scale above 0, got 0.0, 0.0");
  }
}
