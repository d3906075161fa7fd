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
    Tokenizer tokenizer = SmallTokenizer.open();
    Encoding encoding = tokenizer.encode("a b d .", "b d");
    assertThat(encoding.truncatedTo(7, Truncation.ONLY_FIRST, Side.RIGHT).ids())
        .containsExactly(2, 4, 5, 3, 5, 7, 3);
    assertThat(encoding.truncatedTo(7, Truncation.ONLY_FIRST, Side.LEFT).ids())
        .containsExactly(2, 7, 8, 3, 5, 7, 3);
    assertThat(encoding.truncatedTo(8, Truncation.ONLY_SECOND, Side.RIGHT).ids())
        .containsExactly(2, 4, 5, 7, 8, 3, 5, 3);
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

  @Test
  void windows_share_their_stride_and_the_first_is_the_truncation() {
    Encoding encoding = SmallTokenizer.open().encode("a b d a b d a");
    List<Encoding> windows =
        encoding.windows(new Window(5, 1, Truncation.LONGEST_FIRST, Side.RIGHT));
    assertThat(windows)
        .extracting(Encoding::texts)
        .containsExactly(
            List.of("[CLS]", "a", "b", "d", "[SEP]"),
            List.of("[CLS]", "d", "a", "b", "[SEP]"),
            List.of("[CLS]", "b", "d", "a", "[SEP]"));
    assertThat(windows.getFirst()).isEqualTo(encoding.truncatedTo(5));
    assertThat(encoding.windows(new Window(5, 0, Truncation.LONGEST_FIRST, Side.LEFT)))
        .extracting(Encoding::texts)
        .containsExactly(
            List.of("[CLS]", "b", "d", "a", "[SEP]"),
            List.of("[CLS]", "b", "d", "a", "[SEP]"),
            List.of("[CLS]", "a", "[SEP]"));
    assertThatThrownBy(
            () -> encoding.windows(new Window(5, 3, Truncation.LONGEST_FIRST, Side.RIGHT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a stride below the 3 tokens");
  }

  @Test
  void token_by_token_leaves_the_odd_one_to_the_first_text() {
    Encoding pair = SmallTokenizer.open().encode("a b d a", "b d a b");
    assertThat(pair.truncatedTo(8, Truncation.TOKEN_BY_TOKEN, Side.RIGHT).texts())
        .containsExactly("[CLS]", "a", "b", "d", "[SEP]", "b", "d", "[SEP]");
    assertThat(pair.truncatedTo(8, Truncation.LONGEST_FIRST, Side.RIGHT).texts())
        .containsExactly("[CLS]", "a", "b", "[SEP]", "b", "d", "a", "[SEP]");
  }

  @Test
  void a_batch_is_cut_and_filled_to_a_multiple() {
    Tokenizer tokenizer = SmallTokenizer.open();
    BatchRule rule =
        new BatchRule(
            new Window(4, 0, Truncation.LONGEST_FIRST, Side.RIGHT),
            new Padding(0, 3, Side.LEFT, tokenizer.padding()));
    List<List<Encoding>> batch = rule.apply(tokenizer.encodeAll(List.of("a", "a b d")));
    assertThat(batch.get(0).get(0).texts())
        .containsExactly("[PAD]", "[PAD]", "[PAD]", "[CLS]", "a", "[SEP]");
    assertThat(batch.get(1)).hasSize(2);
    assertThat(batch.get(1).get(1).mask()).containsExactly(false, false, false, true, true, true);
  }
}
