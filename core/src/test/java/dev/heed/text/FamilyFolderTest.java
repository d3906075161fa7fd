package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.golden.GoldenFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Families without a recording, put together from the files of others and from small ones. */
@Tag("unit")
class FamilyFolderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "BigBirdTokenizer, spiece.model, [CLS] \u2581The [SEP] \u2581in [SEP], 00011",
    "ReformerTokenizer, spiece.model, \u2581The \u2581in, 01",
    "DebertaV2Tokenizer, spm.model, [CLS] \u2581The [SEP] \u2581in [SEP], 00011",
    "GemmaTokenizer, tokenizer.model, <bos> \u2581The <bos> \u2581in, 0001",
    "LlamaTokenizer, tokenizer.model, <s> \u2581The <s> \u2581in, 0001",
  })
  void a_sentencepiece_family_puts_its_tokens_around(
      String tokenizerClass, String file, String expected, String types) {
    copy("sp-unigram", "tokenizer.model", file);
    write("tokenizer_config.json", "{\"tokenizer_class\": \"" + tokenizerClass + "\"}");
    Tokenizer tokenizer = Tokenizer.open(folder);
    Encoding encoding = tokenizer.encode("The", "in");
    assertThat(String.join(" ", encoding.texts())).isEqualTo(expected);
    if (!types.equals("0001")) {
      assertThat(encoding.typeIds())
          .containsExactly(types.chars().mapToLong(c -> c - '0').toArray());
    }
    assertThat(tokenizer.decode(encoding.ids(), false)).isEqualTo("The in");
  }

  @Test
  void a_model_type_says_which_family_it_is() {
    copy("sp-unigram", "tokenizer.model", "spiece.model");
    write("config.json", "{\"model_type\": \"big_bird\", \"vocab_size\": 7}");
    assertThat(Tokenizer.open(folder).encode("The").texts())
        .containsExactly("[CLS]", "\u2581The", "[SEP]");
  }

  @Test
  void whisper_begins_with_what_is_to_be_done() {
    copy("gpt2-bos", "vocab.json", "vocab.json");
    copy("gpt2-bos", "merges.txt", "merges.txt");
    write(
        "added_tokens.json",
        "{\"<|startoftranscript|>\": 2000, \"<|de|>\": 2001, \"<|translate|>\": 2002,"
            + " \"<|notimestamps|>\": 2003}");
    String config = "{\"tokenizer_class\": \"WhisperTokenizer\", \"language\": \"de\"%s}";
    write("tokenizer_config.json", config.replace("%s", ""));
    assertThat(Tokenizer.open(folder).encode("a").ids())
        .startsWith(2000, 2001, 2003)
        .endsWith(1256);
    write(
        "tokenizer_config.json",
        config.replace("%s", ", \"task\": \"translate\", \"predict_timestamps\": true"));
    assertThat(Tokenizer.open(folder).encode("a").ids()).startsWith(2000, 2001, 2002).hasSize(5);
    write("tokenizer_config.json", config.replace("de", "Klingon").replace("%s", ""));
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("none that is \"<|klingon|>\"");
  }

  @Test
  void qwen_cuts_digits_one_by_one_and_composes() {
    copy("gpt2-bos", "vocab.json", "vocab.json");
    copy("gpt2-bos", "merges.txt", "merges.txt");
    write("tokenizer_config.json", "{\"tokenizer_class\": \"Qwen2Tokenizer\"}");
    Tokenizer tokenizer = Tokenizer.open(folder);
    assertThat(tokenizer.encode("1234").texts()).containsExactly("1", "2", "3", "4");
    assertThat(tokenizer.encode("e\u0301").ids()).isEqualTo(tokenizer.encode("\u00e9").ids());
  }

  @Test
  void deberta_has_berts_tokens_around_gpt2s_pieces() {
    write("vocab.json", "{\"[CLS]\": 0, \"[SEP]\": 1, \"[PAD]\": 2, \"[UNK]\": 3, \"a\": 4}");
    write("merges.txt", "#version: 0.2\n");
    write("tokenizer_config.json", "{\"tokenizer_class\": \"DebertaTokenizer\"}");
    Tokenizer tokenizer = Tokenizer.open(folder);
    assertThat(tokenizer.encode("a[MASK]", "b").ids()).containsExactly(0, 4, 5, 1, 3, 1);
    assertThat(tokenizer.encode("a", "b").typeIds()).containsExactly(0, 0, 0, 1, 1);
  }

  @Test
  void letters_are_cut_one_by_one_and_repetitions_count_once() {
    write(
        "vocab.json",
        "{\"<pad>\": 0, \"<s>\": 1, \"</s>\": 2, \"<unk>\": 3, \"|\": 4, \"E\": 5, \"T\": 6}");
    write(
        "tokenizer_config.json",
        "{\"tokenizer_class\": \"Wav2Vec2CTCTokenizer\", \"do_lower_case\": true}");
    Tokenizer tokenizer = Tokenizer.open(folder);
    assertThat(tokenizer.encode("et x<s>").ids()).containsExactly(5, 6, 4, 3, 1);
    assertThat(tokenizer.decode(new long[] {6, 6, 5, 0, 5, 4, 4, 6}, true)).isEqualTo("tee t");
  }

  @Test
  void amino_acids_are_found_without_spaces() {
    write("vocab.txt", "<cls>\n<pad>\n<eos>\n<unk>\nL\nA\n<mask>");
    write("tokenizer_config.json", "{\"tokenizer_class\": \"EsmTokenizer\"}");
    Tokenizer tokenizer = Tokenizer.open(folder);
    assertThat(tokenizer.encode("LA<mask> x").ids()).containsExactly(0, 4, 5, 6, 3, 2);
    assertThat(tokenizer.decode(new long[] {0, 4, 5, 2}, false)).isEqualTo("L A");
  }

  @Test
  void a_word_list_gives_sentencepieces_their_numbers() {
    copy("marian", "source.spm", "sentencepiece.bpe.model");
    copy("marian", "vocab.json", "vocab.json");
    write(
        "tokenizer_config.json",
        "{\"tokenizer_class\": \"M2M100Tokenizer\", \"src_lang\": \"de\", \"tgt_lang\": \"fr\"}");
    Tokenizer tokenizer = Tokenizer.open(folder);
    assertThat(tokenizer.encode("The").texts()).startsWith("__de__").endsWith("</s>");
    assertThat(tokenizer.target().encode("The").texts()).startsWith("__fr__");
    assertThat(tokenizer.decode(tokenizer.encode("The").ids(), false)).isEqualTo("The");
    write(
        "tokenizer_config.json",
        "{\"tokenizer_class\": \"Speech2TextTokenizer\", \"do_upper_case\": true}");
    Tokenizer heard = Tokenizer.open(folder);
    assertThat(heard.encode("The").texts()).endsWith("</s>");
    assertThat(heard.decode(heard.encode("The").ids(), true)).isEqualTo("THE</s>");
  }

  @Test
  void published_ranks_bring_their_expression_and_special_tokens() {
    copy("tiktoken-o200k", "ranks.tiktoken", "o200k_base.tiktoken");
    Tokenizer recorded = Tokenizer.open(GoldenFolder.area("tokenizers").resolve("tiktoken-o200k"));
    Tokenizer named = Tokenizer.open(folder);
    String text = "The Quick's 1234 foxes,\n\n jumped";
    assertThat(named.encode(text).ids()).isEqualTo(recorded.encode(text).ids());
    assertThat(named.encode("<|endoftext|>").ids()).containsExactly(199_999);
  }

  @Test
  void a_tokenizer_model_of_ranks_is_llama_3s() {
    copy("tiktoken-o200k", "ranks.tiktoken", "tokenizer.model");
    Tokenizer tokenizer = Tokenizer.open(folder);
    int ranks = tokenizer.vocabularySize() - 256;
    assertThat(tokenizer.encode("a<|eot_id|>").texts())
        .containsExactly("<|begin_of_text|>", "a", "<|eot_id|>");
    assertThat(tokenizer.id("<|eot_id|>")).hasValue(ranks + 9);
    assertThat(tokenizer.id("<|reserved_special_token_250|>")).hasValue(ranks + 255);
    assertThat(Tokenizer.open(folder.resolve("tokenizer.model")).encode("a").ids())
        .isEqualTo(tokenizer.encode("a").ids());
  }

  @Test
  void ranks_of_another_name_are_told_how_to_say_what_they_need() {
    copy("tiktoken-o200k", "ranks.tiktoken", "mine.tiktoken");
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("ranks named r50k_base.tiktoken")
        .hasMessageContaining("Name the file ranks.tiktoken and put an encoding.json beside it");
  }

  @Test
  void a_sentencepiece_model_opens_by_itself() {
    Path model = GoldenFolder.area("tokenizers").resolve("sp-unigram").resolve("tokenizer.model");
    assertThat(Tokenizer.open(model).encode("The <s>").texts())
        .startsWith("\u2581The")
        .doesNotContain("<s>");
  }

  @Test
  void a_tokenizer_json_has_its_settings_from_the_config_beside_it() {
    copy("json-added-tokens", "tokenizer.json", "tokenizer.json");
    write(
        "tokenizer_config.json",
        "{\"model_max_length\": 77, \"padding_side\": \"left\", \"bos_token\": \"<s>\","
            + " \"eos_token\": {\"content\": \"</s>\", \"__type\": \"AddedToken\"},"
            + " \"chat_template\": \"{{ messages }}\", \"do_lower_case\": true, \"other\": 7}");
    TokenizerSettings settings = Tokenizer.open(folder).settings();
    assertThat(settings.modelMaxLength()).hasValue(77);
    assertThat(settings.paddingSide()).isEqualTo(Side.LEFT);
    assertThat(settings.roles())
        .containsEntry(TokenRole.BOS, "<s>")
        .containsEntry(TokenRole.EOS, "</s>");
    assertThat(settings.chatTemplates()).containsEntry("default", "{{ messages }}");
    assertThat(settings.cleanUp()).isFalse();
  }

  private void copy(String recording, String from, String to) {
    try {
      Files.copy(
          GoldenFolder.area("tokenizers").resolve(recording).resolve(from), folder.resolve(to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String content) {
    try {
      Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
