package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TokenizerTest {
  @Test
  void encodes_with_template_words_and_offsets() {
    Tokenizer tokenizer = SmallTokenizer.open();
    assertThat(tokenizer.encode("Ac d.").tokens())
        .containsExactly(
            new Token(2, "[CLS]", 0, 0, -1, -1, 0, true, false),
            new Token(4, "a", 0, 1, 0, 0, 0, false, false),
            new Token(6, "##c", 1, 2, 0, 0, 0, false, false),
            new Token(7, "d", 3, 4, 1, 0, 0, false, false),
            new Token(8, ".", 4, 5, 2, 0, 0, false, false),
            new Token(3, "[SEP]", 0, 0, -1, -1, 0, true, false));
  }

  @Test
  void neither_truncates_nor_pads_although_the_file_says_so() {
    Tokenizer tokenizer = SmallTokenizer.open();
    assertThat(tokenizer.encode("").ids()).containsExactly(2, 3);
    assertThat(tokenizer.encode("a ".repeat(101)).size()).isEqualTo(103);
  }

  @Test
  void a_pair_numbers_its_texts_and_segments() {
    Tokenizer tokenizer = SmallTokenizer.open();
    Encoding pair = tokenizer.encode("a b", "d");
    assertThat(pair.ids()).containsExactly(2, 4, 5, 3, 7, 3);
    assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 1, 1);
    assertThat(pair.tokens()).extracting(Token::sequence).containsExactly(-1, 0, 0, -1, 1, -1);
    assertThat(pair.tokens().get(4)).isEqualTo(new Token(7, "d", 0, 1, 0, 1, 1, false, false));
  }

  @Test
  void offsets_are_utf_16_indices() {
    String text = "a \ud83d\ude00 b \u4e2dd";
    Tokenizer tokenizer = SmallTokenizer.open();
    List<String> pieces =
        tokenizer.encode(text, null, false).tokens().stream()
            .map(t -> text.substring(t.start(), t.end()))
            .toList();
    assertThat(pieces).containsExactly("a", "\ud83d\ude00", "b", "\u4e2d", "d");
  }

  @Test
  void lone_surrogates_and_zeros_are_text_like_any_other() {
    Tokenizer tokenizer = SmallTokenizer.open();
    Encoding encoding = tokenizer.encode("\ud800 a\0 \udc00\ud800 b", null, false);
    assertThat(encoding.tokens().getLast())
        .isEqualTo(new Token(5, "b", 8, 9, encoding.tokens().getLast().word(), 0, 0, false, false));
  }

  @Test
  void can_leave_the_template_out() {
    Tokenizer tokenizer = SmallTokenizer.open();
    assertThat(tokenizer.encode("a", null, false).ids()).containsExactly(4);
    assertThat(tokenizer.encode("a", "b", false).ids()).containsExactly(4, 5);
  }

  @Test
  void ids_alone_equal_the_encodings_ids() {
    Tokenizer tokenizer = SmallTokenizer.open();
    assertThat(tokenizer.ids("a b d", 5)).containsExactly(2, 4, 5, 7, 3);
    assertThat(tokenizer.ids("a b d", 4)).containsExactly(2, 4, 5, 3);
  }

  @Test
  void names_numbers_and_text_go_both_ways() {
    Tokenizer tokenizer = SmallTokenizer.open();
    assertThat(tokenizer.id("##c")).hasValue(6);
    assertThat(tokenizer.id("zzz")).isEmpty();
    assertThat(tokenizer.token(6)).contains("##c");
    assertThat(tokenizer.token(99)).isEmpty();
    assertThat(tokenizer.isSpecial(2)).isTrue();
    assertThat(tokenizer.vocabularySize()).isEqualTo(9);
    assertThat(tokenizer.decode(new long[] {2, 4, 6, 7, 8, 3}, false)).isEqualTo("ac d.");
    assertThat(tokenizer.decode(new long[] {2, 4, 3}, true)).isEqualTo("[CLS] a [SEP]");
    assertThatThrownBy(() -> tokenizer.decode(new long[] {4, 1L << 40}, true))
        .hasMessage("decode: expected ids of this vocabulary of 9, got 1099511627776");
  }

  @Test
  void threads_share_a_tokenizer() throws Exception {
    Tokenizer tokenizer = SmallTokenizer.open();
    long[] expected = tokenizer.encode("a b d").ids();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> results =
          IntStream.range(0, 4)
              .mapToObj(i ->
                  threads.submit(() -> {
                    for (int n = 0; n < 500; n++) {
                      if (!java.util.Arrays.equals(tokenizer.encode("a b d").ids(), expected)) {
                        return false;
                      }
                    }
                    return true;
                  }))
              .toList();
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  @Test
  void the_embedded_encoders_tokenizer_reads_whole_texts() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            getClass().getResourceAsStream("/all-minilm-l6-v2-tokenizer.json"))) {
      Tokenizer tokenizer = Tokenizer.of("minilm", in.readAllBytes());
      assertThat(
              tokenizer
                  .encode("The animal didn't cross the street because it was too tired.")
                  .texts())
          .containsExactly(
              "[CLS]", "the", "animal", "didn", "'", "t", "cross", "the", "street", "because", "it",
              "was", "too", "tired", ".", "[SEP]");
      assertThat(tokenizer.encode("word ".repeat(1000)).size()).isEqualTo(1002);
      assertThat(tokenizer.vocabularySize()).isEqualTo(30522);
      assertThat(tokenizer.padding().id()).isZero();
    }
  }
}
