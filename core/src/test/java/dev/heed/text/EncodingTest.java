package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class EncodingTest {
  /**
   * Expected from the tokenizers library's rule: the shorter keeps up to half the room, the longer
   * takes the rest and the odd one.
   */
  @ParameterizedTest
  @CsvSource({
    "5, 3, 10, 4, 3",
    "3, 5, 10, 3, 4",
    "7, 2, 8, 3, 2",
    "2, 7, 8, 2, 3",
    "7, 7, 10, 3, 4",
    "8, 7, 10, 4, 3",
    "1, 9, 3, 0, 0",
    "4, 0, 5, 2, 0"
  })
  void a_pair_is_cut_longest_first(int first, int second, int most, int keptFirst, int keptSecond) {
    Encoding cut = pair(first, second).truncatedTo(most);
    assertThat(cut.tokens().stream().filter(t -> t.sequence() == 0)).hasSize(keptFirst);
    assertThat(cut.tokens().stream().filter(t -> t.sequence() == 1)).hasSize(keptSecond);
    assertThat(cut.tokens().stream().filter(Token::special)).hasSize(3);
  }

  @Test
  void one_text_alone_can_be_cut_on_either_side() {
    try (Tokenizer tokenizer = SmallTokenizer.open()) {
      Encoding encoding = tokenizer.encode("a b d .", "b d");
      assertThat(encoding.truncatedTo(7, Truncation.ONLY_FIRST, Side.RIGHT).ids())
          .containsExactly(2, 4, 5, 3, 5, 7, 3);
      assertThat(encoding.truncatedTo(7, Truncation.ONLY_FIRST, Side.LEFT).ids())
          .containsExactly(2, 7, 8, 3, 5, 7, 3);
      assertThat(encoding.truncatedTo(8, Truncation.ONLY_SECOND, Side.RIGHT).ids())
          .containsExactly(2, 4, 5, 7, 8, 3, 5, 3);
    }
  }

  @Test
  void a_short_encoding_stays_itself() {
    Encoding encoding = pair(2, 2);
    assertThat(encoding.truncatedTo(7)).isSameAs(encoding);
    assertThat(encoding.paddedTo(7, padding(), Side.RIGHT)).isSameAs(encoding);
  }

  @Test
  void a_text_that_cannot_give_up_enough_is_refused() {
    assertThatThrownBy(() -> pair(2, 9).truncatedTo(5, Truncation.ONLY_FIRST, Side.RIGHT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("truncation ONLY_FIRST to 5: expected room for the 3 added tokens")
        .hasMessageContaining("got texts of 2 and 9 tokens");
    assertThatThrownBy(() -> pair(2, 2).truncatedTo(2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void padding_fills_a_side_and_is_not_attended_to() {
    Encoding right = pair(1, 0).paddedTo(6, padding(), Side.RIGHT);
    assertThat(right.mask()).containsExactly(true, true, true, true, false, false);
    Encoding left = pair(1, 0).paddedTo(5, padding(), Side.LEFT);
    assertThat(left.mask()).containsExactly(false, true, true, true, true);
    assertThat(left.ids()).containsExactly(0, 2, 9, 3, 3);
  }

  private static Token padding() {
    return new Token(0, "[PAD]", 0, 0, -1, -1, 0, true, true);
  }

  private static Encoding pair(int first, int second) {
    Token start = new Token(2, "[CLS]", 0, 0, -1, -1, 0, true, false);
    Token end = new Token(3, "[SEP]", 0, 0, -1, -1, 0, true, false);
    java.util.ArrayList<Token> tokens = new java.util.ArrayList<>(List.of(start));
    for (int i = 0; i < first; i++) {
      tokens.add(new Token(9, "x", i, i + 1, i, 0, 0, false, false));
    }
    tokens.add(end);
    for (int i = 0; i < second; i++) {
      tokens.add(new Token(9, "x", i, i + 1, i, 1, 1, false, false));
    }
    tokens.add(end);
    return new Encoding(tokens);
  }
}
