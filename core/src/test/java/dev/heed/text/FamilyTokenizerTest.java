package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.golden.GoldenFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers put together from the files that families came with before tokenizer.json. */
@Tag("unit")
class FamilyTokenizerTest {
  private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\n##s\n";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-lower-keep-accents",
        "gpt2-bos",
        "llama-nonlegacy",
        "marian",
        "xlnet",
        "t5-nonlegacy",
        "clip"
      })
  void offsets_are_where_the_tokens_are(String name) {
    Tokenizer tokenizer = Tokenizer.open(GoldenFolder.area("tokenizers").resolve(name));
    String text = "  The quick brown fox, in 1,234 words.";
    Encoding encoding = tokenizer.encode(text, null, false);
    int at = 0;
    int word = 0;
    for (Token token : encoding.tokens()) {
      assertThat(token.start()).isBetween(at, token.end());
      assertThat(token.word()).isBetween(word, word + 1);
      word = token.word();
      at = token.end();
      if (!token.text().startsWith("<0x")) {
        assertThat(bare(text.substring(token.start(), token.end()))).isEqualTo(bare(token.text()));
      }
    }
    assertThat(at).isEqualTo(text.length());
  }

  private static String bare(String token) {
    return token
        .toLowerCase(Locale.ROOT)
        .replace("</w>", "")
        .replace("##", "")
        .replaceAll("[\u2581\u0121 ]", "");
  }

  @Test
  void a_folder_with_a_vocabulary_alone_is_berts() {
    write("vocab.txt", VOCABULARY);
    Tokenizer tokenizer = Tokenizer.open(folder);
    assertThat(tokenizer.encode("The cats [MASK]").texts())
        .containsExactly("[CLS]", "the", "cat", "##s", "[MASK]", "[SEP]");
    assertThat(tokenizer.encode("cat", "the").typeIds()).containsExactly(0, 0, 0, 1, 1);
    assertThat(tokenizer.id(TokenRole.MASK)).hasValue(4);
    assertThat(tokenizer.padding().id()).isZero();
    assertThat(tokenizer.literal().encode("[MASK]", null, false).ids()).doesNotContain(4);
  }

  @Test
  void special_tokens_beyond_the_vocabulary_get_the_next_numbers() {
    write("vocab.txt", VOCABULARY);
    write(
        "tokenizer_config.json",
        "{\"additional_special_tokens\": [\"<new>\"], \"tokenizer_class\": \"BertTokenizerFast\"}");
    write("added_tokens.json", "{\"word\": 8}");
    Tokenizer tokenizer = Tokenizer.open(folder);
    assertThat(tokenizer.encode("the <new> word", null, false).ids()).containsExactly(5, 9, 8);
    assertThat(tokenizer.vocabularySize()).isEqualTo(10);
    assertThat(tokenizer.decode(new long[] {5, 9, 8, 7}, true)).isEqualTo("the <new> word ##s");
    assertThat(tokenizer.decode(new long[] {5, 9, 8}, false)).isEqualTo("the word");
  }

  @Test
  void added_tokens_are_lower_cased_where_texts_are() {
    write("vocab.txt", VOCABULARY);
    write("added_tokens.json", "{\"NewWord\": 8, \"[NEW]\": 9}");
    write("special_tokens_map.json", "{\"additional_special_tokens\": [\"[NEW]\"]}");
    Tokenizer tokenizer = Tokenizer.open(folder);
    assertThat(tokenizer.encode("NewWord newword [NEW] [new]", null, false).ids())
        .containsExactly(8, 8, 9, 1, 1, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"do_basic_tokenize\": false} | do_basic_tokenize: expected true",
        "{\"tokenizer_class\": \"MagicTokenizer\"} | got \"MagicTokenizer\"",
        "{\"magic\": 7} | expected options that Heed knows, got \"magic\" = \"7\"",
        "{\"cls_token\": null} | cls_token: expected a token",
        "{\"cls_token\": 7} | expected an object",
        "{\"padding_side\": \"top\"} | expected one of left, right",
        "{\"model_max_length\": 0} | expected a number from 1 up",
        "{\"tokenizer_class\": \"LlamaTokenizer\"} | expected tokenizer.model, got nothing",
      })
  void what_is_not_honoured_is_refused_by_name(String config, String message) {
    write("vocab.txt", VOCABULARY);
    write("tokenizer_config.json", config);
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void an_empty_folder_is_told_what_it_lacks() {
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("expected a tokenizer.json, vocab.txt, vocab.json with merges.txt");
  }

  @Test
  void merges_of_what_is_no_token_are_refused_with_their_line() {
    write("vocab.json", "{\"a\": 0, \"b\": 1, \"ab\": 2}");
    write("merges.txt", "#version: 0.2\na b\na c\n");
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("merges.txt, line 3: expected two tokens of the vocabulary");
  }

  @Test
  void a_translator_reads_and_writes_with_different_models() {
    Tokenizer tokenizer = Tokenizer.open(GoldenFolder.area("tokenizers").resolve("marian"));
    String text = "The quick brown fox jumps over the lazy dog.";
    assertThat(tokenizer.target().encode(text).texts())
        .isNotEqualTo(tokenizer.encode(text).texts());
    assertThat(tokenizer.target().target()).isSameAs(tokenizer.target());
    long[] written = tokenizer.target().encode(text).ids();
    assertThat(tokenizer.decode(written, false)).isEqualTo(text);
  }

  private void write(String name, String content) {
    try {
      Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
