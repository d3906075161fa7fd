package dev.heed.model.reformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.DecodeState;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelInput;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the recordings do not cover, and where Heed departs from the reference. */
@Tag("unit")
class ReformerTest {
  private static final String CONFIG =
      """
      {"model_type": "reformer", "architectures": ["ReformerModelWithLMHead"], "is_decoder": true,
       "vocab_size": 23, "hidden_size": 14, "num_attention_heads": 2, "attention_head_size": 6,
       "attn_layers": ["lsh", "local", "lsh"], "feed_forward_size": 11, "num_hashes": 3,
       "num_buckets": [2, 4], "axial_pos_shape": [4, 5], "axial_pos_embds_dim": [5, 9],
       "local_attn_chunk_length": 4, "lsh_attn_chunk_length": 2, "hash_seed": 3,
       "max_position_embeddings": 20}
      """;

  private final Generator random = new Generator(71);

  private static ObjectNode json() {
    return (ObjectNode) JsonMapper.shared().readTree(CONFIG);
  }

  private Model build(ObjectNode json) {
    ModelConfig config = new ModelConfig("config", json);
    return ModelFamilies.of(config).builder().build(Weights.initialise(random, DType.F64), config);
  }

  private static Tensor decoded(Model model, Tensor ids, long first) {
    try (DecodeState state = new DecodeState()) {
      model.apply(ModelInput.of("input_ids", ids.narrow(1, 0, first)).with(state));
      Tensor last = ids.narrow(1, first, 1);
      return model.apply(ModelInput.of("input_ids", last).with(state)).logits();
    }
  }

  @Test
  void a_sequence_is_decoded_alike_alone_and_beside_others() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(json())) {
      Tensor ids = Tensor.randint(random, 23, Shape.of(3, 8));
      Tensor together = decoded(model, ids, 7);
      for (int row = 0; row < 3; row++) {
        TensorAssert.assertClose(
            together.narrow(0, row, 1),
            decoded(model, ids.narrow(0, row, 1), 7),
            Tolerance.of(DType.F64));
      }
      // The reference mixes them up, and a comparison with it does too.
      Tensor recorded = decoded(model.asRecorded(), ids, 7);
      TensorAssert.assertClose(
          recorded.narrow(0, 0, 1), together.narrow(0, 0, 1), Tolerance.of(DType.F64));
      assertThat(
              TensorAssert.difference(
                  "rows",
                  recorded.narrow(0, 1, 1),
                  together.narrow(0, 1, 1),
                  Tolerance.of(DType.F64)))
          .isNotNull();
    }
  }

  @Test
  void a_text_within_a_chunk_is_decoded_as_it_is_read_whole() {
    ObjectNode wide = json().put("local_attn_chunk_length", 8).put("lsh_attn_chunk_length", 8);
    try (TensorScope scope = TensorScope.open();
        Model model = build(wide)) {
      Tensor ids = Tensor.randint(random, 23, Shape.of(2, 6));
      Tensor whole = model.apply(ModelInput.of("input_ids", ids)).logits();
      TensorAssert.assertClose(
          decoded(model, ids, 5), whole.narrow(1, 5, 1), Tolerance.of(DType.F64));
    }
  }

  @Test
  void every_layer_shows_a_map_of_the_text_alone() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(json());
        Trace trace = Trace.record(point -> point.endsWith(".pattern"))) {
      Tensor ids = Tensor.randint(random, 23, Shape.of(2, 19));
      model.apply(ModelInput.of("input_ids", ids), trace);
      assertThat(trace.values()).hasSize(3);
      Tensor later = Tensor.ones(Shape.of(19, 19), DType.F64).triu(1);
      for (Tensor map : trace.values().values()) {
        assertThat(map.shape()).isEqualTo(Shape.of(2, 2, 19, 19));
        assertThat(map.sum(-1, false).sub(1).abs().max().item()).isLessThan(1e-12);
        assertThat(map.mul(later).abs().max().item()).isLessThan(1e-12);
      }
    }
  }

  @Test
  void what_comes_later_changes_nothing_before_it() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(json().put("num_hashes", 1))) {
      Tensor ids = Tensor.randint(random, 23, Shape.of(1, 20));
      Tensor whole = model.apply(ModelInput.of("input_ids", ids)).logits();
      Tensor other = ids.copy();
      other.narrow(1, 19, 1).fill((ids.narrow(1, 19, 1).itemLong() + 1) % 23);
      Tensor changed = model.apply(ModelInput.of("input_ids", other)).logits();
      // The first token sees itself alone, wherever the others hash to.
      TensorAssert.assertClose(
          changed.narrow(1, 0, 1), whole.narrow(1, 0, 1), Tolerance.of(DType.F64));
    }
  }

  @Test
  void the_rotations_of_a_seed_are_those_of_the_reference() throws Exception {
    Path folder =
        Path.of(
            Objects.requireNonNull(ReformerTest.class.getResource("/golden/models/reformer"))
                .toURI());
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
        Model model = Model.load(folder, DType.F64)) {
      // Without the recorded rotations and buckets.
      Tensor ids = golden.read("input.input_ids");
      TensorAssert.assertClose(
          model.apply(ModelInput.of("input_ids", ids)).logits(),
          golden.read("output_fp64.logits").to(DType.F64),
          new Tolerance(1e-5, 1e-5));
    }
  }

  @Test
  void buckets_follow_from_the_length_where_the_config_names_none() {
    ObjectNode none = json();
    none.remove("num_buckets");
    none.put("lsh_attn_chunk_length", 64).put("max_position_embeddings", 4096);
    ModelConfig config = new ModelConfig("config", none);
    ReformerConfig read = config.read(ReformerConfig.class);
    assertThat(read.buckets(4096)).containsExactly(128);
    assertThat(read.buckets(16384)).containsExactly(16, 32);
    assertThat(read.multiple()).isEqualTo(64);
    assertThat(read.shortest()).isEqualTo(4);
  }

  @Test
  void what_does_not_fit_is_refused() {
    assertThatThrownBy(() -> build(json().put("is_decoder", false)))
        .hasMessageContaining("is_decoder");
    assertThatThrownBy(() -> build(json().put("num_buckets", 3)))
        .hasStackTraceContaining("num_buckets: expected even numbers, got 3");
    assertThatThrownBy(() -> build(json().put("hidden_size", 15)))
        .hasStackTraceContaining("axial_pos_shape, axial_pos_embds_dim");
    try (TensorScope scope = TensorScope.open();
        Model model = build(json())) {
      Tensor ids = Tensor.randint(random, 23, Shape.of(1, 21));
      assertThatThrownBy(() -> model.apply(ModelInput.of("input_ids", ids)))
          .hasMessageContaining("text: expected at most 20 tokens");
    }
  }
}
