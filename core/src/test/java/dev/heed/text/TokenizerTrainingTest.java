package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.text.train.TokenizerTraining;
import dev.heed.text.train.TokenizerTraining.Kind;
import dev.heed.text.train.TrainedTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokenizers learned from texts, read again by Heed and by the tokenizers library. */
@Tag("unit")
class TokenizerTrainingTest {
  private static final List<String> STRANGE =
      List.of(
          "",
          " ",
          "  two  spaces  ",
          "a\nb\tc",
          "naïve café – “quoted” 你好 мир 🙂",
          "zzzz qqqq 12345",
          "<0x41> and \u2581 itself");

  /** Words made of a few syllables, the frequent ones again and again. */
  private static List<String> corpus() {
    Random random = new Random(7);
    List<String> syllables = List.of("ka", "lo", "mi", "ta", "re", "su", "no", "ing", "tion");
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      StringBuilder word = new StringBuilder();
      for (int syllable = 0; syllable <= random.nextInt(4); syllable++) {
        word.append(syllables.get(random.nextInt(syllables.size())));
      }
      words.add(word.toString());
    }
    List<String> texts = new ArrayList<>();
    for (int line = 0; line < 300; line++) {
      List<String> text = new ArrayList<>();
      for (int word = 0; word < 9; word++) {
        text.add(words.get((int) (words.size() * random.nextDouble() * random.nextDouble())));
      }
      texts.add(String.join(" ", text) + ".");
    }
    return texts;
  }

  private static int size(Kind kind) {
    return kind == Kind.WORD_PIECES ? 120 : 340;
  }

  private static TrainedTokenizer trained(Kind kind) {
    return new TokenizerTraining(kind, size(kind)).train(corpus().stream());
  }

  @Test
  void merges_are_those_of_the_paper() {
    // Sennrich et al. 2016, figure 1: low, lowest, newer, wider
    Stream<String> texts =
        Stream.of("low", "lowest", "newer", "wider")
            .flatMap(word ->
                Collections.nCopies(
                    switch (word) {
                      case "low" -> 5;
                      case "lowest" -> 2;
                      case "newer" -> 6;
                      default -> 3;
                    },
                    word)
                    .stream());
    TrainedTokenizer trained = new TokenizerTraining(Kind.BYTE_PAIRS, 257 + 3).train(texts);
    assertThat(trained.merges())
        .containsExactly(List.of("e", "r"), List.of("l", "o"), List.of("lo", "w"));
    assertThat(trained.tokens()).endsWith("er", "lo", "low");
  }

  @Test
  void word_pieces_keep_the_beginnings_of_words_apart() {
    TrainedTokenizer trained =
        new TokenizerTraining(Kind.WORD_PIECES, 5 + 5 + 3 + 1, 2, 100, false)
            .train(Collections.nCopies(4, "abab baba abc").stream());
    assertThat(trained.tokens()).contains("[UNK]", "a", "b", "c", "##a", "##b", "##c");
    assertThat(trained.merges().getFirst()).containsExactly("a", "##b");
    assertThat(trained.tokens()).hasSize(14).contains("ab");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void further_special_tokens_follow_the_kinds_own(Kind kind) {
    TokenizerTraining training =
        new TokenizerTraining(kind, size(kind)).withSpecial(List.of(">>fra<<", "<x>"));
    TrainedTokenizer trained = training.train(corpus().stream());
    int own = kind.special().size();
    assertThat(trained.tokens()).hasSize(size(kind));
    assertThat(trained.tokens().subList(own, own + 2)).containsExactly(">>fra<<", "<x>");
    Tokenizer tokenizer = trained.tokenizer();
    String text = corpus().getFirst();
    assertThat(tokenizer.encode(">>fra<<" + text, null, false).ids()[0]).isEqualTo(own);
    assertThat(tokenizer.encode(">>fra<<" + text, null, false).ids())
        .endsWith(tokenizer.encode(text, null, false).ids());
    assertThatThrownBy(() -> training.withSpecial(List.of("<x>", "<x>")))
        .hasMessageContaining("special tokens: expected names, each once");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void any_order_of_the_texts_gives_the_same(Kind kind) {
    List<String> shuffled = new ArrayList<>(corpus());
    Collections.shuffle(shuffled, new Random(1));
    TrainedTokenizer other = new TokenizerTraining(kind, size(kind)).train(shuffled.stream());
    assertThat(other).isEqualTo(trained(kind));
    assertThat(other.tokens()).hasSize(size(kind)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void texts_come_back_and_become_shorter(Kind kind) {
    Tokenizer tokenizer = trained(kind).tokenizer();
    int characters = 0;
    int tokens = 0;
    for (String text : corpus()) {
      long[] ids = tokenizer.encode(text, null, false).ids();
      String back = tokenizer.decode(ids, false);
      assertThat(kind == Kind.WORD_PIECES ? back.replace(" .", ".") : back).isEqualTo(text);
      characters += text.length();
      tokens += ids.length;
    }
    assertThat(characters / (double) tokens).isGreaterThan(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BYTE_PAIRS", "UNIGRAM"})
  void any_text_comes_back(Kind kind) {
    Tokenizer tokenizer = trained(kind).tokenizer();
    for (String text : STRANGE) {
      String back = tokenizer.decode(tokenizer.encode(text, null, false).ids(), false);
      // SentencePiece's space is the one character that stands for another
      String wanted = kind == Kind.UNIGRAM ? text.replace('\u2581', ' ') : text;
      assertThat(back).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void the_tokenizers_library_reads_the_same(Kind kind) {
    TrainedTokenizer trained = trained(kind);
    Tokenizer own = trained.tokenizer();
    try (LibraryTokenizer library = new LibraryTokenizer(trained.json().toString())) {
      List<String> texts = new ArrayList<>(STRANGE);
      texts.addAll(corpus().subList(0, 40));
      for (String text : texts) {
        long[] ids = own.encode(text).ids();
        assertThat(library.ids(text)).as(text).isEqualTo(ids);
        assertThat(library.decode(ids, false)).as(text).isEqualTo(own.decode(ids, false));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_folder_opens_with_the_roles_of_its_tokens(Kind kind, @TempDir Path folder)
      throws IOException {
    trained(kind).write(folder);
    Tokenizer opened = Tokenizer.open(folder);
    String text = corpus().getFirst();
    assertThat(opened.encode(text).ids()).isEqualTo(trained(kind).tokenizer().encode(text).ids());
    TokenRole role =
        switch (kind) {
          case BYTE_PAIRS -> TokenRole.EOS;
          case WORD_PIECES -> TokenRole.MASK;
          case UNIGRAM -> TokenRole.PAD;
        };
    assertThat(opened.id(role)).isPresent();
  }

  @Test
  void a_vocabulary_that_is_too_small_is_refused() {
    for (Kind kind : Kind.values()) {
      assertThatThrownBy(() -> new TokenizerTraining(kind, 7).train(corpus().stream()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("vocabulary: expected at least ");
    }
    assertThatThrownBy(() -> new TokenizerTraining(Kind.UNIGRAM, 7).train(Stream.of("")))
        .hasMessage("tokenizer: expected texts to learn from, got none");
  }
}
