package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.RandomCheckpoint;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attention is read from any family that reads texts. */
@Tag("integration")
class AttentionCaptureFamiliesTest {
  private static final String TEXT = "the cat sat on the mat.";
  private static final String GPT2 =
      """
      {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 21,
       "n_positions": 24, "n_embd": 8, "n_layer": 3, "n_head": 2}\
      """;
  private static final String T5 =
      """
      {"model_type": "t5", "architectures": ["T5ForConditionalGeneration"], "vocab_size": 21,
       "d_model": 8, "d_kv": 4, "d_ff": 12, "num_layers": 2, "num_heads": 2}\
      """;
  private static final String HYBRID =
      """
      {"model_type": "granitemoehybrid", "vocab_size": 21, "hidden_size": 8,
       "num_hidden_layers": 3, "num_attention_heads": 2, "num_local_experts": 0,
       "shared_intermediate_size": 6, "mamba_n_heads": 4, "mamba_d_state": 3,
       "layer_types": ["mamba", "attention", "mamba"]}\
      """;
  private static final String MAMBA =
      """
      {"model_type": "mamba", "vocab_size": 21, "hidden_size": 8, "num_hidden_layers": 2}\
      """;
  private static final String VIT =
      """
      {"model_type": "vit", "architectures": ["ViTForImageClassification"], "hidden_size": 8,
       "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8, "image_size": 8,
       "patch_size": 4}\
      """;

  @TempDir private Path folder;

  private ModelFiles files(String config) throws Exception {
    return RandomCheckpoint.write(folder, config);
  }

  @Test
  void layers_without_attention_are_named_and_their_maps_derived() throws Exception {
    try (AttentionCapture capture = AttentionCapture.open(files(HYBRID))) {
      assertThat(capture.layers().attending()).containsExactly(1);
      assertThat(capture.layers().others()).containsExactly(0, 2);
      AttentionMap map = capture.read(TEXT);
      assertThat(map.layers()).isEqualTo(1);
      assertThat(capture.derived(TEXT)).containsOnlyKeys(0, 2);
      float[][] derived = Objects.requireNonNull(capture.derived(TEXT).get(2));
      assertThat(derived).hasDimensions(map.size(), map.size());
      for (int query = 0; query < map.size(); query++) {
        for (int key = 0; key < map.size(); key++) {
          assertThat(derived[query][key] > 0).isEqualTo(key <= query);
        }
      }
    }
  }

  @Test
  void a_model_without_attention_says_so() throws Exception {
    ModelFiles files = files(MAMBA);
    assertThatThrownBy(() -> AttentionCapture.open(files))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("layers without attention, which carry a state");
  }

  @Test
  void a_decoder_looks_back_only() throws Exception {
    try (AttentionCapture capture = AttentionCapture.open(files(GPT2))) {
      AttentionMap map = capture.read(TEXT);
      assertThat(capture.longest()).isEqualTo(24);
      assertThat(map.layers()).isEqualTo(3);
      assertThat(map.heads()).isEqualTo(2);
      float sum = 0;
      for (int key = 0; key < map.size(); key++) {
        sum += map.row(2, 1, 3)[key];
        assertThat(map.row(2, 1, 3)[key] > 0).isEqualTo(key <= 3);
      }
      assertThat(sum).isCloseTo(1f, within(1e-5f));
    }
  }

  @Test
  void of_an_encoder_decoder_the_reading_half_is_shown() throws Exception {
    try (AttentionCapture capture = AttentionCapture.open(files(T5))) {
      AttentionMap map = capture.read(TEXT);
      assertThat(map.layers()).isEqualTo(2);
      assertThat(map.row(0, 0, 0)[map.size() - 1]).isPositive();
    }
  }

  @Test
  void what_is_written_attends_to_what_is_read() throws Exception {
    ModelFiles files = files(T5);
    try (AttentionCapture capture = AttentionCapture.open(files)) {
      AttentionMap map = capture.readAcross(TEXT, "a dog");
      Tokenizer tokenizer = files.tokenizer();
      long[] read = tokenizer.encode(TEXT).ids();
      long[] written = tokenizer.encode("a dog").ids();
      assertThat(map.queries()).hasSize(written.length);
      assertThat(map.keys()).hasSize(read.length);
      // T5 begins with its padding token, 0; the last token is read by nothing
      long[] fed = new long[written.length];
      System.arraycopy(written, 0, fed, 1, fed.length - 1);
      try (Model model = Model.load(folder);
          TensorScope scope = TensorScope.inference()) {
        ModelInput input =
            ModelInput.of("input_ids", Tensor.of(read, 1, read.length))
                .with("decoder_input_ids", Tensor.of(fed, 1, fed.length));
        List<Tensor> layers =
            model.apply(input, Trace.NONE, new Wanted(false, true)).series("cross_attentions");
        float[] expected = layers.get(1).select(0, 0).select(0, 1).select(0, 2).toFloatArray();
        assertThat(map.row(1, 1, 2)).containsExactly(expected, within(1e-6f));
      }
      assertThatThrownBy(() -> capture.readAcross(TEXT, "cat ".repeat(99_999)))
          .hasMessageContaining("target: expected a text of 1 to");
    }
  }

  @Test
  void what_does_not_read_and_write_has_no_attention_across() throws Exception {
    try (AttentionCapture capture = AttentionCapture.open(files(GPT2))) {
      assertThatThrownBy(() -> capture.readAcross(TEXT, "a dog"))
          .hasMessageContaining("reads one sequence and writes another, got one of kind DECODER");
    }
  }

  @Test
  void a_model_that_reads_no_texts_is_refused_by_name() throws Exception {
    ModelFiles files = files(VIT);
    assertThatThrownBy(() -> AttentionCapture.open(files))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("reads texts")
        .hasMessageContaining("pixel_values");
  }
}
