package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.Hostile;
import dev.heed.checkpoint.gguf.GgufEndTokens;
import dev.heed.checkpoint.gguf.GgufFile;
import dev.heed.checkpoint.gguf.GgufMetadata;
import dev.heed.checkpoint.gguf.GgufValue;
import dev.heed.golden.GoldenFolder;
import dev.heed.model.ModelFiles;
import dev.heed.text.gguf.GgufTokenizer;
import dev.heed.text.recorded.TokenizerVerification;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers in GGUF files: equal to what llama.cpp recorded, and damaged ones refused. */
@Tag("unit")
class GgufTokenizerTest {
  private static final int MUTATIONS = 600;

  private static Path vocabularies() {
    return GoldenFolder.area("gguf").resolve("vocab");
  }

  @TestFactory
  Stream<DynamicTest> equals_its_recording() {
    List<Path> files =
        GoldenFolder.list(vocabularies()).stream()
            .filter(file -> file.toString().endsWith(".gguf"))
            .toList();
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) {
    assertThat(TokenizerVerification.isRecording(file)).isTrue();
    TokenizerVerification.Outcome outcome = new TokenizerVerification(file).run();
    assertThat(outcome.differences().stream().limit(5)).isEmpty();
    assertThat(outcome.notCompared()).isEmpty();
    assertThat(outcome.passed()).isTrue();
  }

  @Test
  void a_pair_has_its_second_end_and_segment() {
    Tokenizer tokenizer = Tokenizer.open(vocabularies().resolve("wpm.gguf"));
    Encoding pair = tokenizer.encode("the", "of");
    assertThat(pair.texts()).containsExactly("[CLS]", "\u2581the", "[SEP]", "\u2581of", "[SEP]");
    assertThat(pair.typeIds()).containsExactly(0, 0, 0, 1, 1);
    assertThat(pair.tokens().get(3).end()).isEqualTo(2);
  }

  @Test
  void a_models_file_is_opened_with_its_own_tokenizer() {
    Path vocabulary = vocabularies().resolve("spm.gguf");
    assertThat(ModelFiles.folder(vocabulary).tokenizer().encode("The").ids())
        .isEqualTo(Tokenizer.open(vocabulary).encode("The").ids());
    ModelFiles model =
        ModelFiles.folder(
            GoldenFolder.area("gguf").resolve("models/golden-llama/golden-llama-F16.gguf"));
    assertThat(model.json().path("model_type").asString()).isEqualTo("llama");
    try (CheckpointSource weights = model.weights()) {
      assertThat(weights.tensors()).containsKey("model.embed_tokens.weight");
    }
  }

  @Test
  void without_a_tokenizer_of_its_own_that_beside_it_is_taken(@TempDir Path folder)
      throws IOException {
    Path model =
        Files.copy(
            GoldenFolder.area("gguf").resolve("models/golden-llama/golden-llama-F16.gguf"),
            folder.resolve("model.gguf"));
    assertThatThrownBy(() -> Tokenizer.open(model))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("expected a tokenizer.json, vocab.txt");
    Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n");
    assertThat(Tokenizer.open(model).encode("the").ids()).containsExactly(2, 5, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe-llama-bpe", "spm", "wpm", "ugm"})
  void damaged_files_are_read_or_refused(String name) throws IOException {
    byte[] valid = Files.readAllBytes(vocabularies().resolve(name + ".gguf"));
    assertThat(encode(valid)).isPositive();
    int refused = Hostile.fuzz(valid, 20_261_129, MUTATIONS, GgufTokenizerTest::encode);
    assertThat(refused).isBetween(MUTATIONS / 20, MUTATIONS - 1);
  }

  private static int encode(byte[] bytes) {
    try (GgufFile file = GgufFile.of("t.gguf", MemorySegment.ofArray(bytes))) {
      return GgufTokenizer.read(file.values())
          .encode("Ac d. 12,345 \u4e2d\ud83d\ude00 the end\t")
          .size();
    } catch (TextException e) {
      return -1; // The vocabulary cannot express the text, and says so.
    }
  }

  @Test
  void a_chat_models_other_ends_are_known_by_their_spelling() {
    LinkedHashMap<String, GgufValue> values = new LinkedHashMap<>();
    values.put("tokenizer.ggml.tokens", GgufValue.of(List.of("a", "<|eot_id|>", "<end>")));
    values.put("tokenizer.ggml.eos_token_id", GgufValue.of(2));
    assertThat(GgufEndTokens.of(new GgufMetadata("t.gguf", values))).containsExactly(2L, 1L);
    assertThat(GgufEndTokens.of(new GgufMetadata("t.gguf", new LinkedHashMap<>()))).isEmpty();
  }

  @Test
  void what_is_not_honoured_is_refused_by_name() {
    refused(Kind.NOT_FOUND, "tokenizer.ggml.tokens", Map.of());
    refused(
        Kind.UNSUPPORTED,
        "tokenizer.ggml.model: expected one of bert, gpt2, llama, t5, got \"rwkv\"",
        Map.of("model", GgufValue.of("rwkv")));
    refused(
        Kind.UNSUPPORTED,
        "tokenizer.ggml.pre: expected one of bloom, chameleon,",
        Map.of("model", GgufValue.of("gpt2"), "pre", GgufValue.of("magic")));
    refused(
        Kind.MALFORMED,
        "two tokens of the vocabulary that merge to one of it, got \"a z\"",
        Map.of("model", GgufValue.of("gpt2"), "merges", GgufValue.of(List.of("a z"))));
    refused(
        Kind.VALUE,
        "bos_token_id: expected a number below 2, got 7",
        Map.of(
            "model", GgufValue.of("gpt2"),
            "merges", GgufValue.of(List.of()),
            "add_bos_token", GgufValue.of(true),
            "bos_token_id", GgufValue.of(7)));
    refused(
        Kind.SHAPE,
        "scores: expected 2 numbers, got 3",
        Map.of("model", GgufValue.of("llama"), "scores", GgufValue.of(1f, 2f, 3f)));
  }

  private static void refused(Kind kind, String message, Map<String, GgufValue> values) {
    LinkedHashMap<String, GgufValue> all = new LinkedHashMap<>();
    if (!values.isEmpty()) {
      all.put("tokenizer.ggml.tokens", GgufValue.of(List.of("a", "b")));
    }
    values.forEach((key, value) -> all.put("tokenizer.ggml." + key, value));
    assertThatThrownBy(() -> GgufTokenizer.read(new GgufMetadata("t.gguf", all)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((CheckpointException) e).kind())
        .isEqualTo(kind);
  }
}
