package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.evaluate.Box;
import dev.heed.tensor.TensorScope;
import dev.heed.vision.RgbImage;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ScenesTest {
  private static final List<String> CLASSES = List.of("high", "wide");

  /** A bright rectangle in a dark image of 9 by 9. */
  private static LabelledImage drawn(String label, int height, int width) {
    RgbImage image = RgbImage.black(9, 9);
    for (int row = 2; row < 2 + height; row++) {
      for (int column = 3; column < 3 + width; column++) {
        for (int channel = 0; channel < 3; channel++) {
          image.pixels()[3 * (9 * row + column) + channel] = (byte) 200;
        }
      }
    }
    return new LabelledImage("a test", image, label);
  }

  private static Scenes scenes(Canvas canvas) {
    return new Scenes(List.of(drawn("high", 6, 3), drawn("wide", 2, 5)), CLASSES, canvas);
  }

  @Test
  void boxes_stand_around_what_is_drawn() {
    Scenes scenes = scenes(new Canvas(40, 4, 1, 1));
    for (int seed = 0; seed < 40; seed++) {
      Scene scene = scenes.of(1, seed);
      assertThat(scene.objects()).hasSizeBetween(1, 4);
      assertThat(scene.objects().getFirst().label()).isEqualTo(1);
      int bright = 0;
      for (int row = 0; row < 40; row++) {
        for (int column = 0; column < 40; column++) {
          bright += scene.image().at(row, column, 1) > 0 ? 1 : 0;
        }
      }
      double area = 0;
      for (Scene.Placed each : scene.objects()) {
        Box box = each.box();
        assertThat(box.width()).isEqualTo(each.label() == 0 ? 3 : 5);
        assertThat(box.height()).isEqualTo(each.label() == 0 ? 6 : 2);
        int x = (int) box.x();
        int y = (int) box.y();
        assertThat(scene.image().at(y, x, 0)).isEqualTo(200);
        assertThat(scene.image().at((int) (y + box.height()) - 1, x, 2)).isEqualTo(200);
        area += box.area();
      }
      assertThat(bright).isEqualTo((int) area);
    }
  }

  @Test
  void the_same_seed_lays_the_same() {
    Scenes scenes = scenes(new Canvas(40, 4, 0.8, 1.6));
    Scene one = scenes.of(0, 7);
    Scene again = scenes.of(0, 7);
    assertThat(again.objects()).isEqualTo(one.objects());
    assertThat(again.image().pixels()).isEqualTo(one.image().pixels());
    assertThat(scenes.of(0, 8).objects()).isNotEqualTo(one.objects());
  }

  @Test
  void shares_are_middles_and_sizes() {
    Scene scene =
        new Scene(RgbImage.black(20, 40), List.of(new Scene.Placed(1, new Box(4, 2, 10, 6))));
    try (TensorScope scope = TensorScope.open()) {
      assertThat(scene.labels().toLongArray()).containsExactly(1);
      assertThat(scene.boxes().toFloatArray())
          .containsExactly(new float[] {0.225f, 0.25f, 0.25f, 0.3f}, Offset.offset(1e-6f));
    }
  }

  @Test
  void nothing_drawn_and_too_large_are_refused() {
    Scenes empty = new Scenes(List.of(drawn("high", 0, 0)), CLASSES, new Canvas(40, 1, 1, 1));
    assertThatThrownBy(() -> empty.of(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a test: expected something drawn");
    assertThatThrownBy(() -> scenes(new Canvas(4, 1, 1, 1)).of(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 4 pixels a side, got 3 by 6");
  }
}
