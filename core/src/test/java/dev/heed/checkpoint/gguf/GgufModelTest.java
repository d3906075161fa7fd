package dev.heed.checkpoint.gguf;

import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.Hostile;
import dev.heed.checkpoint.StorageType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Names, layouts and configs, by hand: one layer, two heads of four, one for keys. */
@Tag("unit")
class GgufModelTest {
  private static final long SEED = 20_261_203;

  @TempDir private Path folder;
  private final SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
  private final List<GgufTensor> tensors = new ArrayList<>();
  private TensorScope scope = TensorScope.open();

  @BeforeEach
  void start() {
    scope.close();
    scope = TensorScope.open();
  }

  @AfterEach
  void end() {
    scope.close();
  }

  private void decoder(String architecture) {
    values.put("general.architecture", GgufValue.of(architecture));
    values.put(architecture + ".context_length", GgufValue.of(11));
    values.put(architecture + ".embedding_length", GgufValue.of(8));
    values.put(architecture + ".block_count", GgufValue.of(1));
    values.put(architecture + ".feed_forward_length", GgufValue.of(7));
    values.put(architecture + ".attention.head_count", GgufValue.of(2));
    values.put(architecture + ".attention.head_count_kv", GgufValue.of(1));
    values.put(architecture + ".attention.layer_norm_rms_epsilon", GgufValue.of(1e-5f));
    counted("token_embd.weight", 5, 8);
  }

  /** A tensor of the numbers 0, 1, 2, …. */
  private void counted(String name, long... sizes) {
    Shape shape = Shape.of(sizes);
    Tensor numbers = Tensor.arange(shape.elements(), dev.heed.tensor.DType.F32).reshape(sizes);
    tensors.add(GgufTensor.encoded(name, StorageType.F32, shape, numbers::alias));
  }

  private GgufModel open() {
    Path path = folder.resolve("m.gguf");
    GgufWriter.write(path, values, tensors);
    return GgufModel.open(path);
  }

  @Test
  void llama_has_its_pairs_half_a_head_apart() {
    decoder("llama");
    counted("blk.0.attn_q.weight", 8, 1);
    counted("blk.0.attn_k.weight", 4, 1);
    counted("blk.0.attn_v.weight", 4, 1);
    try (GgufModel model = open()) {
      String attention = "model.layers.0.self_attn.";
      assertValues(model.read(attention + "q_proj.weight"), 0, 2, 1, 3, 4, 6, 5, 7);
      assertValues(model.read(attention + "k_proj.weight"), 0, 2, 1, 3);
      assertValues(model.read(attention + "v_proj.weight"), 0, 1, 2, 3);
      JsonNode config = model.config();
      assertThat(config.toString())
          .isEqualTo(
              "{\"architectures\":[\"LlamaForCausalLM\"],\"model_type\":\"llama\","
                  + "\"max_position_embeddings\":11,\"hidden_size\":8,\"num_hidden_layers\":1,"
                  + "\"intermediate_size\":7,\"num_attention_heads\":2,\"num_key_value_heads\":1,"
                  + "\"rms_norm_eps\":1.0E-5,\"hidden_act\":\"silu\",\"rope_theta\":10000.0,"
                  + "\"vocab_size\":5,\"tie_word_embeddings\":true,\"attention_bias\":false,"
                  + "\"mlp_bias\":false}");
    }
  }

  @Test
  void frequency_factors_become_a_rope_scaling() {
    decoder("llama");
    tensors.add(
        GgufTensor.encoded(
            "rope_freqs.weight",
            StorageType.F32,
            Shape.of(2),
            () -> Tensor.of(new float[] {1, 5.6666665f}, 2)));
    try (GgufModel model = open()) {
      assertThat(model.names()).containsExactly("model.embed_tokens.weight");
      assertThat(model.config().get("rope_scaling").toString())
          .isEqualTo(
              "{\"rope_type\":\"longrope\",\"short_factor\":[1.0,5.6666665],"
                  + "\"long_factor\":[1.0,5.6666665],\"attention_factor\":1.0,"
                  + "\"original_max_position_embeddings\":11}");
    }
  }

  @Test
  void experts_stand_one_by_one() {
    decoder("llama");
    values.put("llama.expert_count", GgufValue.of(3));
    values.put("llama.expert_used_count", GgufValue.of(2));
    counted("blk.0.ffn_gate_exps.weight", 3, 7, 8);
    counted("blk.0.ffn_gate_inp.weight", 3, 8);
    try (GgufModel model = open()) {
      String moe = "model.layers.0.block_sparse_moe.";
      assertThat(model.names())
          .contains(moe + "gate.weight", moe + "experts.0.w1.weight", moe + "experts.2.w1.weight")
          .hasSize(5);
      Tensor second = model.read(moe + "experts.1.w1.weight");
      assertThat(second.shape()).isEqualTo(Shape.of(7, 8));
      assertThat(second.toFloatArray()[0]).isEqualTo(56f);
      assertThat(model.config().get("model_type").stringValue()).isEqualTo("mixtral");
      assertThat(model.config().get("num_local_experts").asInt()).isEqualTo(3);
    }
  }

  @Test
  void gemma_lacks_the_one_that_the_model_adds() {
    decoder("gemma");
    counted("blk.0.attn_norm.weight", 3);
    try (GgufModel model = open()) {
      assertValues(model.read("model.layers.0.input_layernorm.weight"), -1, 0, 1);
    }
  }

  @Test
  void gpt2_has_its_matrices_transposed() {
    values.put("general.architecture", GgufValue.of("gpt2"));
    counted("blk.0.ffn_up.weight", 3, 2);
    try (GgufModel model = open()) {
      Tensor matrix = model.read("transformer.h.0.mlp.c_fc.weight");
      assertThat(matrix.shape()).isEqualTo(Shape.of(2, 3));
      assertValues(matrix, 0, 2, 4, 1, 3, 5);
      assertThatThrownBy(model::config)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("\"gpt2.context_length\", got none");
    }
  }

  @Test
  void output_weights_equal_to_the_embeddings_are_tied() {
    decoder("llama");
    counted("output.weight", 5, 8);
    try (GgufModel model = open()) {
      assertThat(model.names()).containsExactly("model.embed_tokens.weight");
      assertThat(model.config().get("tie_word_embeddings").asBoolean()).isTrue();
    }
    tensors.removeLast();
    tensors.add(
        GgufTensor.encoded(
            "output.weight",
            StorageType.F32,
            Shape.of(5, 8),
            () -> Tensor.zeros(Shape.of(5, 8), dev.heed.tensor.DType.F32)));
    try (GgufModel model = open()) {
      assertThat(model.names()).contains("lm_head.weight");
      assertThat(model.config().get("tie_word_embeddings").asBoolean()).isFalse();
    }
  }

  @Test
  void what_is_not_known_is_refused_by_name() {
    decoder("llama");
    values.put("llama.attention.scale", GgufValue.of(0.5f));
    try (GgufModel model = open()) {
      assertThatThrownBy(model::config)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("got \"llama.attention.scale\"");
    }
    values.remove("llama.attention.scale");
    values.put("llama.rope.dimension_count", GgufValue.of(2));
    try (GgufModel model = open()) {
      assertThatThrownBy(model::config)
          .hasMessageContaining("\"llama.rope.dimension_count\": expected 4, got \"2\"");
    }
    counted("blk.0.attn_sinks.weight", 2);
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("got \"blk.0.attn_sinks.weight\"");
    values.put("general.architecture", GgufValue.of("gptx"));
    assertThatThrownBy(this::open)
        .hasMessageContaining("expected general.architecture to be one of bert, gemma")
        .hasMessageContaining("got \"gptx\"");
  }

  @Test
  void heads_that_do_not_fit_the_rows_are_refused() {
    decoder("llama");
    counted("blk.0.attn_q.weight", 6, 1);
    values.put("llama.attention.head_count", GgufValue.of(5));
    try (GgufModel model = open()) {
      assertThatThrownBy(() -> model.read("model.layers.0.self_attn.q_proj.weight"))
          .hasMessageContaining("rows for 5 heads of an even size, got shape [6, 1]");
    }
    values.put("llama.attention.head_count", GgufValue.of(0));
    try (GgufModel model = open()) {
      assertThatThrownBy(() -> model.read("model.layers.0.self_attn.q_proj.weight"))
          .hasMessageContaining("at least one head");
    }
  }

  @Test
  void a_damaged_model_is_read_or_refused() throws IOException {
    assertThat(fuzz(3000)).isGreaterThan(500);
  }

  @Test
  @Tag("soak")
  void a_hundred_thousand_damaged_models() throws IOException {
    assertThat(fuzz(34_000)).isGreaterThan(15_000);
  }

  /** Damages three architectures; a model's own shapes and config are read from each. */
  private int fuzz(int times) throws IOException {
    int refused = 0;
    for (String architecture : new String[] {"llama", "gemma3", "phi3"}) {
      values.clear();
      tensors.clear();
      decoder(architecture);
      values.put(
          architecture + ".expert_count", GgufValue.of(architecture.equals("llama") ? 3 : 0));
      values.put(architecture + ".expert_used_count", GgufValue.of(2));
      counted("blk.0.attn_q.weight", 8, 8);
      counted("blk.0.attn_k.weight", 4, 8);
      counted("blk.0.attn_norm.weight", 8);
      counted("blk.0.ffn_gate_exps.weight", 3, 2, 8);
      counted("rope_freqs.weight", 2);
      if (!architecture.equals("llama")) {
        tensors.removeIf(tensor -> tensor.name().contains("exps"));
      }
      if (architecture.equals("phi3")) {
        tensors.removeIf(tensor -> tensor.name().contains("attn_q"));
        tensors.removeIf(tensor -> tensor.name().contains("attn_k"));
      }
      Path path = folder.resolve("fuzz.gguf");
      GgufWriter.write(path, values, tensors);
      refused += Hostile.fuzz(Files.readAllBytes(path), SEED, times, GgufModelTest::readAll);
    }
    return refused;
  }

  private static Object readAll(byte[] bytes) {
    try (TensorScope scope = TensorScope.open();
        GgufModel model = GgufModel.of(GgufBytes.open(bytes))) {
      model.names().forEach(model::read);
      model.pooling();
      return model.config();
    }
  }
}
