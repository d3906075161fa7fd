package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stories that sentences tell by themselves, in the encoder that Heed carries. */
@Tag("integration")
class FocusChoiceTest {
  private static AttentionCapture encoder;

  @BeforeAll
  static void open() {
    encoder = AttentionCapture.open(ModelFiles.embedded());
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  private static AttentionMap words(String text) {
    return encoder.read(text).words(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The animal didn't cross the street because it was too tired. | it | animal",
        "The movie was not bad at all. | bad | not",
        "The food was delicious, but the service was slow. | delicious | food",
        "I sat on the bank of the river. | bank | river",
        "The river bank was muddy. | bank | river",
        "She went to the bank to deposit money. | bank | money",
        "The food was absolutely delicious. | delicious | food",
        "The cat, which had been lounging on the windowsill, stretched. | which | cat",
        "Apple is looking at buying a U.K. startup. | Apple | startup",
        "What is the capital of France? | capital | France",
        "My order hasn't arrived yet. | arrived | order"
      })
  void are_told_without_naming_a_word(String text, String word, String key) {
    AttentionMap map = words(text);
    Focus focus = FocusChoice.of(map);
    assertThat(focus.unit(map).text()).isEqualTo(word);
    assertThat(map.texts().get(focus.key())).isEqualTo(key);
    assertThat(focus.isTelling()).isTrue();
    assertThat(focus.heads()).isEqualTo(72);
  }

  @Test
  void hold_more_than_one_story() {
    AttentionMap map = words("The food was delicious, but the service was slow.");
    AttentionView view = new AttentionView("", map, FocusChoice.of(map));
    assertThat(view.otherWords())
        .anySatisfy(other -> {
          assertThat(map.texts().get(other.query())).isEqualTo("slow");
          assertThat(map.texts().get(other.key())).isEqualTo("service");
        });
  }

  @Test
  void say_what_no_head_shows() {
    AttentionMap map =
        words(
            "The cat, which had been lounging on the windowsill all afternoon, finally stretched"
                + " and jumped down.");
    AttentionView view = new AttentionView("", map, FocusChoice.of(map));
    assertThat(view.silent())
        .contains(
            "No head singles out \"cat\" for: lounging, windowsill, afternoon, stretched, jumped.");
    int jumped = FocusChoice.find(map, "jumped").orElseThrow();
    int cat = FocusChoice.find(map, "cat").orElseThrow();
    Focus nearest = Focus.between(map, jumped, cat);
    assertThat(nearest.isTelling()).isFalse();
    assertThat(new AttentionView("", map, nearest).explanation())
        .endsWith("None of them singles it out for the word; this one comes nearest.");
  }

  /** 0.677 is the best of 72 heads; the mean over all of them tells another story. */
  @Test
  void stand_beside_the_mean_of_all_heads() {
    AttentionMap map = words("The animal didn't cross the street because it was too tired.");
    List<AttentionView.Bar> bars =
        new AttentionView("", map, FocusChoice.of(map)).bars(Integer.MAX_VALUE);
    assertThat(bars.getFirst().text()).isEqualTo("animal");
    assertThat(Math.round(1000 * bars.getFirst().weight())).isEqualTo(677);
    for (String expected : List.of("[CLS] 361", "tired 91", "animal 72", "street 46")) {
      String[] parts = expected.split(" ");
      assertThat(bars)
          .filteredOn(bar -> bar.text().equals(parts[0]))
          .singleElement()
          .satisfies(
              bar -> assertThat(Math.round(1000 * bar.mean())).isEqualTo(Long.parseLong(parts[1])));
    }
    assertThat(bars.stream().mapToDouble(AttentionView.Bar::mean).sum()).isBetween(0.9999, 1.0001);
  }

  @Test
  void what_the_vocabulary_does_not_hold_is_shown_as_it_was_written() {
    AttentionMap map = words("猫 sat on the 垫子.");
    assertThat(map.texts()).contains("猫", "sat", "垫");
    assertThat(new AttentionView("", map, FocusChoice.of(map)).unknown())
        .startsWith("2 of 7 words hold what the model's vocabulary does not: it reads 猫 垫 as");
    AttentionMap english = words("Cafés.");
    assertThat(english.texts()).contains("Cafés");
    assertThat(new AttentionView("", english, FocusChoice.of(english)).unknown()).isNull();
  }

  @Test
  void a_text_that_is_too_long_is_read_to_its_last_whole_word() {
    String text = "unbelievable ".repeat(900);
    String read = encoder.beginning(text);
    assertThat(read).endsWith("unbelievable").hasSizeLessThan(text.length());
    int tokens = encoder.read(read).size();
    assertThat(tokens).isBetween(encoder.longest() - 4, encoder.longest());
    assertThat(encoder.beginning("short")).isEqualTo("short");
  }
}
