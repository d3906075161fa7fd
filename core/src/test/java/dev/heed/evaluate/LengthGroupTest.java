package dev.heed.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class LengthGroupTest {
  @Test
  void texts_stand_with_those_of_like_length_and_the_last_group_is_open() {
    List<String> texts = List.of("one", "a b c d", " a  b\u2003c ", "", "1 2 3 4 5 6 7 8 9 10");
    List<LengthGroup> groups = LengthGroup.of(texts, 3, 3);
    assertThat(groups)
        .extracting(LengthGroup::name)
        .containsExactly("1 to 3", "4 to 6", "7 and more");
    assertThat(groups.get(0).items()).containsExactly(0, 2, 3);
    assertThat(groups.get(1).items()).containsExactly(1);
    assertThat(groups.get(2).items()).containsExactly(4);
    assertThat(LengthGroup.of(texts, 1, 2).getFirst().name()).isEqualTo("1");
  }

  @Test
  void a_group_without_width_and_a_single_group_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> LengthGroup.of(List.of("a"), 0, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LengthGroup.of(List.of("a"), 3, 1))
        .withMessageContaining("got 1 of 3");
  }
}
