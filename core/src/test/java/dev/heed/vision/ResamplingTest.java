package dev.heed.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.tensor.TensorScope;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@Tag("unit")
class ResamplingTest {
  /** Six sizes, growing and shrinking to odd ones, with all six filters, as Pillow gives them. */
  @TestFactory
  Stream<DynamicTest> every_filter_equals_pillow() {
    try (SafetensorsFile names = recorded()) {
      return names.names().stream().filter(name -> name.startsWith("output.")).toList().stream()
          .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
    }
  }

  private static SafetensorsFile recorded() {
    return SafetensorsFile.open(Pixels.FOLDER.resolve("resampling.safetensors"));
  }

  private static void check(String name) {
    String[] parts = name.split("\\.", 0);
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file = recorded()) {
      RgbImage image = Pixels.image(file.read("input.image." + parts[1]));
      RgbImage expected = Pixels.image(file.read(name));
      RgbImage resized =
          Resizer.resize(
              image,
              expected.height(),
              expected.width(),
              Resampling.of("test", Integer.parseInt(parts[2])));
      assertThat(resized.pixels()).isEqualTo(expected.pixels());
    }
  }

  @Test
  void a_grey_image_stays_grey_and_the_mean_of_two_is_the_box() {
    RgbImage pair = new RgbImage(1, 2, new byte[] {10, 10, 10, 20, 20, 20});
    assertThat(Resizer.resize(pair, 1, 1, Resampling.BOX).pixels()).containsExactly(15, 15, 15);
    assertThat(Resizer.resize(pair, 1, 2, Resampling.LANCZOS)).isSameAs(pair);
  }

  @Test
  void a_filter_that_pillow_does_not_know_is_refused() {
    assertThatThrownBy(() -> Resampling.of("p.json", 6))
        .hasMessageContaining("p.json: expected resample from 0 to 5")
        .hasMessageContaining("got 6");
  }
}
