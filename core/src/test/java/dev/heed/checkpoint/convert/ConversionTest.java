package dev.heed.checkpoint.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigFile;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.gguf.GgufFile;
import dev.heed.checkpoint.gguf.GgufModel;
import dev.heed.fixture.TensorAssert;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Tag("integration")
class ConversionTest {
  @TempDir private Path folder;

  private static void convert(Path from, Path to, @Nullable StorageType type) {
    new Conversion(from, to, type, 5_000_000_000L, name -> false).run();
  }

  private static void assertSame(Path one, Path other) {
    try (TensorScope scope = TensorScope.open();
        CheckpointSource a = huggingFace(one);
        CheckpointSource b = huggingFace(other)) {
      assertThat(new TreeSet<>(a.names())).isEqualTo(new TreeSet<>(b.names()));
      for (String name : a.names()) {
        TensorAssert.assertEqual(a.read(name).to(DType.F32), b.read(name).to(DType.F32));
      }
    }
  }

  private static CheckpointSource huggingFace(Path path) {
    CheckpointSource opened = Checkpoint.open(path);
    return opened instanceof GgufFile file ? GgufModel.of(file) : opened;
  }

  /** From GGUF to a folder and back, and once more with the same config. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt2"})
  void a_recorded_model_comes_back_as_it_was(String name) {
    Path recorded =
        GoldenFolder.area("gguf")
            .resolve("models/golden-" + name + "/golden-" + name + "-F16.gguf");
    Path there = folder.resolve("model");
    Path back = folder.resolve("back.gguf");
    Path again = folder.resolve("again");
    convert(recorded, there, null);
    assertSame(recorded, there);
    convert(there, back, StorageType.F16);
    assertSame(recorded, back);
    convert(back, again, null);
    JsonNode config = ConfigFile.json(there.resolve("config.json"));
    assertThat(ConfigFile.json(again.resolve("config.json"))).isEqualTo(config);
  }

  /** A small decoder of these tensors, with a config of these keys besides the sizes. */
  private Path decoder(String keys, Map<String, long[]> shapes) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Generator random = new Generator(7);
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("model.embed_tokens.weight", Tensor.randn(random, 5, 32));
      tensors.put("lm_head.weight", Tensor.randn(random, 5, 32));
      shapes.forEach((name, shape) -> tensors.put(name, Tensor.randn(random, shape)));
      SafetensorsWriter.write(model.resolve("model.safetensors"), tensors, Map.of());
    }
    Files.writeString(
        model.resolve("config.json"),
        "{\"hidden_size\":32,\"num_hidden_layers\":1,\"intermediate_size\":24,"
            + "\"num_attention_heads\":4,\"num_key_value_heads\":2,\"rms_norm_eps\":1e-5,"
            + "\"max_position_embeddings\":64,\"vocab_size\":5,\"hidden_act\":\"silu\","
            + keys.replace('\'', '"')
            + "}");
    return model;
  }

  @Test
  void experts_are_put_together_and_taken_apart() throws IOException {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    String moe = "model.layers.0.block_sparse_moe.";
    shapes.put(moe + "gate.weight", new long[] {3, 32});
    for (int expert = 0; expert < 3; expert++) {
      shapes.put(moe + "experts." + expert + ".w1.weight", new long[] {24, 32});
      shapes.put(moe + "experts." + expert + ".w2.weight", new long[] {32, 24});
    }
    shapes.put("model.layers.0.self_attn.k_proj.weight", new long[] {16, 32});
    Path model =
        decoder("'model_type':'mixtral','num_local_experts':3,'num_experts_per_tok':2", shapes);
    Path gguf = folder.resolve("m.gguf");
    convert(model, gguf, StorageType.F32);
    assertSame(model, gguf);
    try (GgufFile file = GgufFile.open(gguf)) {
      assertThat(file.shape("blk.0.ffn_gate_exps.weight").toArray()).containsExactly(3, 24, 32);
      assertThat(file.values().get("llama.expert_used_count").integer()).isEqualTo(2);
    }
    convert(model, gguf, StorageType.Q8_0);
    try (GgufFile file = GgufFile.open(gguf)) {
      assertThat(file.info("blk.0.ffn_gate_exps.weight").type()).isEqualTo(StorageType.Q8_0);
      assertThat(file.info("blk.0.ffn_down_exps.weight").type()).isEqualTo(StorageType.F16);
      assertThat(file.info("blk.0.ffn_gate_inp.weight").type()).isEqualTo(StorageType.F32);
    }
  }

  @Test
  void llama_3_s_frequencies_are_kept_as_divisors() throws IOException {
    Path model =
        decoder(
            "'model_type':'llama','rope_theta':10000.0,'rope_scaling':{'rope_type':'llama3',"
                + "'factor':8.0,'low_freq_factor':1.0,'high_freq_factor':4.0,"
                + "'original_max_position_embeddings':2048}",
            Map.of());
    Path gguf = folder.resolve("m.gguf");
    convert(model, gguf, StorageType.F32);
    try (GgufModel written = GgufModel.open(gguf)) {
      JsonNode factors = written.config().get("rope_scaling").get("short_factor");
      // Waves of 2π·10^i are shorter than 2048/4 = 512 up to 62.8, and longer than 2048 from 6283
      // on;
      // 628.3 lies between: (2048/628.3 - 1)/3 = 0.753 of the way.
      assertThat(factors.get(0).asDouble()).isEqualTo(1);
      assertThat(factors.get(1).asDouble()).isEqualTo(1);
      double share = (2048 / (200 * Math.PI) - 1) / 3;
      assertThat(factors.get(2).asDouble())
          .isCloseTo(1 / ((1 - share) / 8 + share), org.assertj.core.data.Offset.offset(1e-6));
      assertThat(factors.get(3).asDouble()).isEqualTo(8);
    }
  }

  @Test
  void what_gguf_cannot_keep_is_refused_by_name() throws IOException {
    Path gguf = folder.resolve("m.gguf");
    Path model = decoder("'model_type':'llama','mlp_scale':2", Map.of());
    assertThatThrownBy(() -> convert(model, gguf, StorageType.F32))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("a config that GGUF can keep, got \"mlp_scale 2\"");
    decoder("'model_type':'llama'", Map.of("model.layers.0.extra.weight", new long[] {1}));
    assertThatThrownBy(() -> convert(model, gguf, StorageType.F32))
        .hasMessageContaining("got \"model.layers.0.extra.weight\"")
        .hasMessageContaining("--leave-out");
    new Conversion(model, gguf, StorageType.F32, 1, "model.layers.0.extra.weight"::equals).run();
    assertThat(gguf).exists();
    decoder("'model_type':'perceiver'", Map.of());
    assertThatThrownBy(() -> convert(model, gguf, StorageType.F32))
        .hasMessageContaining("model_type to be one of bert, gemma")
        .hasMessageContaining("got \"perceiver\"");
    assertThatThrownBy(() -> convert(model, folder.resolve("m.bin"), null))
        .hasMessageContaining("ends in .safetensors or .gguf, or a folder, got m.bin");
    assertThatThrownBy(() -> convert(model, folder.resolve("m.safetensors"), StorageType.Q8_0))
        .hasMessageContaining("one of F32, F16, BF16 in safetensors, got Q8_0");
    Files.delete(model.resolve("config.json"));
    assertThatThrownBy(() -> convert(model, gguf, null))
        .hasMessageContaining("a config.json beside the weights, got none");
  }

  @Test
  void a_folder_is_cut_into_files_and_joined_again() throws IOException {
    Path model =
        decoder(
            "'model_type':'llama','torch_dtype':'float32'",
            Map.of("model.norm.weight", new long[] {32}));
    Files.writeString(model.resolve("tokenizer.json"), "{}");
    Files.createDirectories(model.resolve("1_Pooling"));
    Files.writeString(model.resolve("1_Pooling/config.json"), "{\"a\":1}");
    Path shards = folder.resolve("shards");
    new Conversion(model, shards, StorageType.BF16, 400, name -> false).run();
    assertThat(shards.resolve("model-00002-of-00002.safetensors")).exists();
    assertThat(shards.resolve("tokenizer.json")).exists();
    assertThat(shards.resolve("1_Pooling/config.json")).hasContent("{\"a\":1}");
    JsonNode config = ConfigFile.json(shards.resolve("config.json"));
    assertThat(config.get("torch_dtype").stringValue()).isEqualTo("bfloat16");
    Path joined = folder.resolve("joined.safetensors");
    convert(shards, joined, StorageType.F32);
    assertSame(shards, joined);
  }

  @Test
  void a_gguf_file_is_written_in_another_type() {
    Path recorded = GoldenFolder.area("gguf").resolve("models/golden-llama/golden-llama-F16.gguf");
    Path q4 = folder.resolve("q4.gguf");
    convert(recorded, q4, StorageType.Q4_0);
    try (GgufFile file = GgufFile.open(q4);
        GgufFile original = GgufFile.open(recorded)) {
      assertThat(file.names()).containsExactlyElementsOf(original.names());
      assertThat(file.info("blk.0.attn_q.weight").type()).isEqualTo(StorageType.Q4_0);
      assertThat(file.info("blk.0.ffn_down.weight").type()).isEqualTo(StorageType.F16);
      assertThat(file.info("blk.0.attn_norm.weight").type()).isEqualTo(StorageType.F32);
      assertThat(file.values().get("general.file_type").integer()).isEqualTo(2);
      assertThat(file.values().get("llama.block_count").integer())
          .isEqualTo(original.values().get("llama.block_count").integer());
    }
  }
}
