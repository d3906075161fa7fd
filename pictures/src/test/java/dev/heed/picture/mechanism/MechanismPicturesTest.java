package dev.heed.picture.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.TextWidth;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("integration")
class MechanismPicturesTest {
  static SortedSet<String> names() {
    return MechanismPictures.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void marks_say_what_the_numbers_are(String name) {
    for (MapPanel map : maps(MechanismPictures.of(name))) {
      assertThat(map.largest()).as(map.title()).isGreaterThanOrEqualTo(map.least());
      switch (map.kind()) {
        case SOFTMAX -> map.values().forEach(row -> isSoftmax(map.title(), row));
        case MASK ->
            map.values()
                .forEach(row ->
                    assertThat(row).as(map.title()).allMatch(value -> value == 0 || value == 1));
        case CLASSES ->
            map.values()
                .forEach(row ->
                    assertThat(row)
                        .as(map.title())
                        .allMatch(value -> value == Math.rint(value) && value >= 0)
                        .allMatch(value -> value <= map.classes().size()));
        case ESTIMATE, NOT_SOFTMAX, INFLUENCE ->
            assertThat(map.mark()).as(map.title()).startsWith("not a softmax");
        case SCORES, NUMBERS -> assertThat(map.magnitude()).as(map.title()).isPositive();
      }
    }
  }

  /** Not negative, and together one, or nothing at all where there is no key. */
  private static void isSoftmax(String title, List<Double> row) {
    assertThat(row).as(title).allMatch(weight -> weight >= 0);
    double sum = row.stream().mapToDouble(Double::doubleValue).sum();
    if (sum != 0) {
      assertThat(sum).as(title).isCloseTo(1, within(1e-9));
    }
  }

  private static List<MapPanel> maps(MechanismPicture picture) {
    return picture.panels().stream()
        .filter(MapPanel.class::isInstance)
        .map(MapPanel.class::cast)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_picture_is_the_same_again(String name) {
    assertThat(MechanismPictures.of(name)).isEqualTo(MechanismPictures.of(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_picture_is_drawn(String name) throws IOException {
    MechanismPicture picture = MechanismPictures.of(name);
    assertThat(ImageIO.read(new ByteArrayInputStream(PictureImage.draw(picture)))).isNotNull();
    String plain = new PictureText(false, 1000).draw(picture);
    assertThat(plain).doesNotContain("\u001b");
    assertThat(new PictureText(true, 80).draw(picture)).contains("\u001b[");
    assertThat(new PictureText(false, 60).draw(picture).lines().map(TextWidth::of))
        .allSatisfy(width -> assertThat(width).isLessThanOrEqualTo(60));
    String page = PicturePage.write("A <title>", Map.of("Idea", "a & b"), picture);
    assertThat(page).contains("A &lt;title&gt;").contains("a &amp; b").doesNotContain("NaN");
    for (Panel panel : picture.panels()) {
      assertThat(plain).contains(panel.title()).contains(panel.mark());
    }
  }

  /** A causal mechanism's map is zero above the diagonal. */
  @Test
  void nothing_is_taken_from_later_tokens() {
    for (String name :
        List.of(
            "causal-attention",
            "s4",
            "s4d",
            "mamba",
            "mamba-2",
            "kv-cache",
            "h3",
            "gated-delta-net",
            "lightning-attention")) {
      for (MapPanel map : maps(MechanismPictures.of(name))) {
        for (int row = 0; row < map.rows().size(); row++) {
          for (int column = row + 1; column < map.columns().size(); column++) {
            assertThat(map.at(row, column)).as(name).isCloseTo(0, within(1e-12));
          }
        }
      }
    }
  }

  /** The recurrence's map has the convolution's kernel along each diagonal. */
  @Test
  void kernel_and_map_of_a_state_space_agree() {
    for (String name : List.of("s4", "s4d")) {
      MechanismPicture picture = MechanismPictures.of(name);
      List<Double> kernel = ((CurvePanel) picture.panels().getFirst()).curves().getFirst().values();
      MapPanel map = maps(picture).getFirst();
      for (int row = 0; row < map.rows().size(); row++) {
        for (int column = 0; column <= row; column++) {
          assertThat(map.at(row, column))
              .as(name)
              .isCloseTo(kernel.get(row - column), within(1e-9));
        }
      }
    }
  }

  /** More random features come nearer to exact attention. */
  @Test
  void a_performers_estimate_approaches_the_softmax() {
    List<MapPanel> maps = maps(MechanismPictures.of("performer"));
    MapPanel exact = maps.getLast();
    assertThat(distance(maps.get(1), exact)).isLessThan(0.5 * distance(maps.get(0), exact));
  }

  private static double distance(MapPanel a, MapPanel b) {
    double sum = 0;
    for (int row = 0; row < a.rows().size(); row++) {
      for (int column = 0; column < a.columns().size(); column++) {
        sum += Math.pow(a.at(row, column) - b.at(row, column), 2);
      }
    }
    return Math.sqrt(sum);
  }

  @Test
  void an_unknown_name_is_refused() {
    assertThatThrownBy(() -> MechanismPictures.of("loung"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got \"loung\"");
  }

  @Test
  void panels_are_checked() {
    Axis two = Axis.numbered("place", 2);
    assertThatThrownBy(
            () -> new MapPanel("m", MapKind.MASK, two, two, List.of(), List.of(List.of(1.0, 0.0))))
        .hasMessageContaining("expected 2 rows of 2 numbers, got 1 of [2]");
    List<List<Double>> values = List.of(List.of(1.0, Double.NaN), List.of(0.0, 1.0));
    assertThatThrownBy(() -> new MapPanel("m", MapKind.MASK, two, two, List.of(), values))
        .hasMessageContaining("expected finite numbers");
  }
}
