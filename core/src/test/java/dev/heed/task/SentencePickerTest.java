package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.task.SentencePicker.Picked;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class SentencePickerTest {
  @Test
  void a_walk_ends_most_often_where_most_is_alike() {
    // two that are one, a third between, a fourth apart: the third is like all but the fourth
    double[] weights =
        SentencePicker.weights(
            List.of(
                new float[] {1, 0, 0},
                new float[] {1, 0, 0},
                new float[] {0.8f, 0.6f, 0},
                new float[] {0, 0, 1}));
    assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-9));
    assertThat(weights[0]).isCloseTo(weights[1], within(1e-12)).isGreaterThan(weights[2]);
    assertThat(weights[3]).isCloseTo(0.15 / 4 / (1 - 0.85), within(1e-8));
    // a walk leaves two alike by 0.6 to each other with 0.375, by hand: one half each
    double[] even = SentencePicker.weights(List.of(new float[] {1, 0}, new float[] {0.6f, 0.8f}));
    assertThat(even[0]).isCloseTo(0.5, within(1e-9));
    assertThat(SentencePicker.weights(List.of(new float[] {0, 0}))).containsExactly(1);
  }

  @Test
  void the_sentence_that_says_most_is_picked_in_its_place() {
    String text =
        "It was nine o'clock. The city council will build a new bridge over the river next year."
            + " The bridge will cost nine million. The council hopes that the bridge brings"
            + " visitors to the city.";
    try (SentencePicker picker = SentencePicker.open()) {
      List<Picked> two = picker.pick(text, 2);
      assertThat(two).extracting(Picked::place).isSorted().doesNotContain(0);
      assertThat(picker.pick(text, 9)).extracting(Picked::place).containsExactly(0, 1, 2, 3);
      assertThat(picker.pick(text, 9).stream().mapToDouble(Picked::weight).sum())
          .isCloseTo(1, within(1e-9));
      assertThat(SentencePicker.joined(picker.pick("One. ", 3))).isEqualTo("One.");
      assertThat(picker.pick(" \n", 1)).isEmpty();
      assertThatThrownBy(() -> picker.pick(text, 0))
          .hasMessage("sentences: expected 1 or more, got 0");
    }
  }
}
