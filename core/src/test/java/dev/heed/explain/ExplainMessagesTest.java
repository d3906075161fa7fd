package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.explain.AttentionMap.Unit;
import dev.heed.task.Embedder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a program is told that asks for what there is not. */
@Tag("unit")
class ExplainMessagesTest {
  private static final AttentionMap MAP =
      new AttentionMap(
          List.of(new Unit("one", false, false, 0, 0, 3), new Unit("two", false, false, 1, 4, 7)),
          new float[][][][] {{{{0.5f, 0.5f}, {0.25f, 0.75f}}}});

  @Test
  void numbers_out_of_range_are_told_with_the_range() {
    assertThatThrownBy(() -> MAP.row(1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layer: expected a number from 0 to 0, got 1");
    assertThatThrownBy(() -> MAP.row(0, -1, 0))
        .hasMessage("head: expected a number from 0 to 0, got -1");
    assertThatThrownBy(() -> MAP.row(0, 0, 2))
        .hasMessage("query: expected a number from 0 to 1, got 2");
    assertThatThrownBy(() -> MAP.meanRow(2))
        .hasMessage("query: expected a number from 0 to 1, got 2");
    assertThatThrownBy(() -> Focus.in(MAP, 0, 9, 0))
        .hasMessage("layer: expected a number from 0 to 0, got 9");
    assertThatThrownBy(() -> Focus.on(MAP, 5))
        .hasMessage("query: expected a number from 0 to 1, got 5");
    assertThatThrownBy(() -> Focus.between(MAP, 0, 5))
        .hasMessage("key: expected a number from 0 to 1, got 5");
  }

  @Test
  void another_text_than_the_one_that_was_read_is_refused() {
    assertThatThrownBy(() -> MAP.words("one"))
        .hasMessage("text: expected the one that was read, of 7 characters or more, got 3");
  }

  @Test
  void vectors_of_two_sizes_have_no_cosine() {
    assertThatThrownBy(() -> Embedder.similarity(new float[3], new float[4]))
        .hasMessage("similarity: expected vectors of one size, got 3 and 4");
  }
}
