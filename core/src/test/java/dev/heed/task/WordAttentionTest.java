package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.evaluate.AlignmentScore.Link;
import dev.heed.task.WordAttention.Span;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class WordAttentionTest {
  @Test
  void words_keep_the_apostrophe_behind_them() {
    String text = "Qu'est-ce qu’il a\u00a0? 3 é";
    assertThat(WordAttention.words(text))
        .extracting(span -> text.substring(span.start(), span.end()))
        .containsExactly("Qu'", "est", "-", "ce", "qu’", "il", "a", "?", "3", "é");
    assertThat(WordAttention.words("")).isEmpty();
    assertThat(new Span(2, 4).touches(0, 2)).isFalse();
    assertThat(new Span(2, 4).touches(3, 9)).isTrue();
  }

  @Test
  void attention_is_summed_over_what_is_read_and_averaged_over_what_is_written() {
    double[][] rows = {{0.5, 0.25, 0.25}, {0.1, 0.2, 0.7}, {0, 1, 0}};
    double[][] words =
        WordAttention.between(
            rows, List.of(List.of(0, 1), List.of(2)), List.of(List.of(0, 1), List.of(2)), 0);
    assertThat(words[0]).containsExactly(0.525, 0.475);
    assertThat(words[1]).containsExactly(1, 0);
    double[][] later =
        WordAttention.between(rows, List.of(List.of(0), List.of(2)), List.of(List.of(2)), 1);
    assertThat(later[0]).containsExactly(0.7);
    assertThat(later[1]).containsExactly(0);
  }

  @Test
  void each_word_is_linked_to_what_it_attends_to_most() {
    WordAttention attention =
        new WordAttention(
            new double[][][][] {
              {{{0.6, 0.4}, {0.4, 0.6}}, {{0.3, 0.7}, {0.9, 0.1}}},
            });
    assertThat(attention.links(0, 0)).containsExactlyInAnyOrder(new Link(0, 0), new Link(1, 1));
    assertThat(attention.links(0, 1)).containsExactlyInAnyOrder(new Link(1, 0), new Link(0, 1));
    assertThat(attention.meanLinks()).containsExactlyInAnyOrder(new Link(1, 0), new Link(0, 1));
  }
}
