package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention of many families, whose recorded models get a tokenizer of a few words. */
@Tag("integration")
class AttentionCaptureTest {
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": null, "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "[UNK]",
        "vocab": {"[UNK]": 3, "the": 4, "cat": 5, "sat": 6, "on": 7, "mat": 8, ".": 9}}}
      """;

  @TempDir Path folder;

  private ModelFiles recorded(String name) throws IOException {
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      try (InputStream in =
          AttentionCaptureTest.class.getResourceAsStream("/golden/models/" + name + "/" + file)) {
        Files.copy(java.util.Objects.requireNonNull(in, name + "/" + file), folder.resolve(file));
      }
    }
    Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
    return ModelFiles.folder(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "bert, false",
    "roberta, false",
    "albert, false",
    "electra, false",
    "mpnet, false",
    "modernbert, false",
    "nomic-bert, false",
    "esm, false",
    "deberta, false",
    "deberta-v2, false",
    "gpt2, true",
    "openai-gpt, true",
    "bloom, true",
    "llama, true",
    "bart, false",
    "mistral, true",
    "qwen3, true",
    "phi3, true",
    "gemma2, true",
    "deepseek-v2, true"
  })
  void is_read_from_encoders_and_decoders(String name, boolean causal) throws IOException {
    try (AttentionCapture capture = AttentionCapture.open(recorded(name))) {
      AttentionMap map = capture.read("The cat sat on the mat.");
      assertThat(map.texts()).containsExactly("the", "cat", "sat", "on", "the", "mat", ".");
      for (int layer = 0; layer < map.layers(); layer++) {
        for (int head = 0; head < map.heads(); head++) {
          for (int query = 0; query < map.size(); query++) {
            float[] row = map.row(layer, head, query);
            double sum = 0;
            for (int key = 0; key < row.length; key++) {
              sum += row[key];
              assertThat(causal && key > query ? row[key] : 0).isZero();
            }
            assertThat(sum).isBetween(0.99999, 1.00001);
          }
        }
      }
      assertThat(capture.longest()).isPositive();
      String text = "the cat sat on ".repeat(capture.longest());
      assertThat(capture.read(capture.beginning(text)).size()).isEqualTo(capture.longest());
      assertThatThrownBy(() -> capture.read(text))
          .hasMessageContaining("text: expected at most " + capture.longest() + " tokens, got ");
    }
  }

  @Test
  void sounds_are_refused() throws IOException {
    ModelFiles files = recorded("whisper");
    assertThatThrownBy(() -> AttentionCapture.open(files))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "expected a model that reads texts, got model input: expected input_f");
  }

  @Test
  void windows_are_whole_maps() throws IOException {
    try (AttentionCapture capture = AttentionCapture.open(recorded("longformer"))) {
      AttentionMap map = capture.read("the cat sat on the mat");
      assertThat(map.keyLabels()).isEqualTo(map.queryLabels());
    }
  }

  @Test
  void images_are_refused() throws IOException {
    ModelFiles files = recorded("vit");
    assertThatThrownBy(() -> AttentionCapture.open(files))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("expected a model that reads texts, got");
  }
}
