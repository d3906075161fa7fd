package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every kind of encoder of sounds, with new weights and the options that recordings lack: it hears
 * letters with a loss, and padding changes nothing before it.
 */
@Tag("unit")
class SpeechFamiliesTest {
  private static final String SIZES =
      """
      "vocab_size": 11, "hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2,
      "intermediate_size": 19, "ctc_loss_reduction": "mean"
      """;

  private static final String SAMPLES =
      """
      , "conv_dim": [5, 7], "conv_kernel": [10, 4], "conv_stride": [5, 4],
      "feat_extract_norm": "layer", "num_conv_pos_embeddings": 4,
      "num_conv_pos_embedding_groups": 2
      """;

  /** A name of architectures, a model type, and what its config says besides. */
  private record Kind(String name, String type, String more, boolean seesPadding) {}

  private static Stream<Kind> kinds() {
    String shortened =
        ", \"add_adapter\": true, \"num_adapter_layers\": 2, \"output_hidden_size\": 8";
    String conformer = "Wav2Vec2Conformer";
    String bert = "Wav2Vec2Bert";
    return Stream.of(
        new Kind("Wav2Vec2", "wav2vec2", "", false),
        new Kind("Wav2Vec2", "wav2vec2", shortened, true),
        new Kind(
            "Wav2Vec2",
            "wav2vec2",
            ", \"do_stable_layer_norm\": true, \"adapter_attn_dim\": 3",
            false),
        new Kind("Hubert", "hubert", ", \"conv_pos_batch_norm\": true", true),
        new Kind("WavLM", "wavlm", ", \"num_buckets\": 8, \"max_bucket_distance\": 10", false),
        new Kind("WavLM", "wavlm", ", \"do_stable_layer_norm\": true", false),
        new Kind("SEW", "sew", "", false),
        new Kind("SEW", "sew", ", \"squeeze_factor\": 1, \"hidden_size\": 14", false),
        new Kind(conformer, "wav2vec2-conformer", "", true),
        new Kind(
            conformer, "wav2vec2-conformer", ", \"position_embeddings_type\": \"rotary\"", true),
        new Kind(conformer, "wav2vec2-conformer", ", \"position_embeddings_type\": null", true),
        new Kind(bert, "wav2vec2-bert", "", false),
        new Kind(bert, "wav2vec2-bert", ", \"position_embeddings_type\": \"relative\"", false),
        new Kind(bert, "wav2vec2-bert", ", \"position_embeddings_type\": \"rotary\"", false),
        new Kind(
            bert,
            "wav2vec2-bert",
            shortened + ", \"use_intermediate_ffn_before_adapter\": true",
            true));
  }

  private Generator random;

  @BeforeEach
  void open() {
    random = new Generator(67);
  }

  @AfterEach
  void close() {
    random.close();
  }

  private static ObjectNode config(Kind kind, String head) {
    boolean banks = kind.type().equals("wav2vec2-bert");
    String input = banks ? ", \"feature_projection_input_dim\": 6" : SAMPLES;
    ObjectNode json =
        (ObjectNode) JsonMapper.shared().readTree("{" + SIZES + input + kind.more() + "}");
    json.put("model_type", kind.type());
    json.putArray("architectures").add(kind.name() + head);
    return json;
  }

  private Model build(ObjectNode json) {
    ModelConfig config = new ModelConfig("config", json);
    ModelFamilies.Choice choice = ModelFamilies.of(config);
    Weights weights = Weights.initialise(random, DType.F64);
    try {
      Model model = choice.builder().build(weights, config);
      config.requireAllKnown(choice.family().ignoredKeys());
      return model;
    } catch (RuntimeException e) {
      weights.discard();
      throw e;
    }
  }

  private static String input(Kind kind) {
    return kind.type().equals("wav2vec2-bert") ? "input_features" : "input_values";
  }

  private Tensor sound(Kind kind, long length) {
    return Tensor.randn(
        random,
        input(kind).equals("input_features") ? Shape.of(2, length, 6) : Shape.of(2, length),
        DType.F64);
  }

  @TestFactory
  Stream<DynamicTest> letters() {
    return kinds().map(kind -> DynamicTest.dynamicTest(kind.toString(), () -> letters(kind)));
  }

  private void letters(Kind kind) {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config(kind, "ForCTC"))) {
      Tensor sound = sound(kind, 300);
      Tensor labels = Tensor.of(new long[] {1, 2, 3, 4, -100, -100}, 2, 3);
      ModelOutput plain = model.apply(ModelInput.of(input(kind), sound).with("labels", labels));
      assertThat(plain.loss().item()).isGreaterThan(0).isFinite();
      assertThat(plain.logits().size(2)).isEqualTo(11);
      Tensor mask =
          Tensor.cat(
              java.util.List.of(
                  Tensor.ones(Shape.of(2, 300), DType.I64),
                  Tensor.zeros(Shape.of(2, 90), DType.I64)),
              1);
      Tensor longer = Tensor.cat(java.util.List.of(sound, sound.narrow(1, 0, 90).mul(0).add(7)), 1);
      ModelOutput padded =
          model.apply(
              ModelInput.of(input(kind), longer)
                  .with("attention_mask", mask)
                  .with("labels", labels));
      assertThat(padded.loss().item()).isFinite();
      if (!kind.seesPadding()) {
        // SEW leaves an odd frame at the end without a state.
        long frames = plain.logits().size(1) / 2 * 2;
        TensorAssert.assertClose(
            padded.logits().narrow(1, 0, frames),
            plain.logits().narrow(1, 0, frames),
            Tolerance.of(DType.F64));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> classes() {
    return kinds()
        .filter(kind -> !kind.more().contains("add_adapter"))
        .map(kind -> DynamicTest.dynamicTest(kind.toString(), () -> classes(kind)));
  }

  private void classes(Kind kind) {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config(kind, "ForSequenceClassification"))) {
      ModelInput input =
          ModelInput.of(input(kind), sound(kind, 300))
              .with("labels", Tensor.of(new long[] {0, 1}, 2));
      assertThat(model.apply(input).loss().item()).isGreaterThan(0).isFinite();
    }
    try (TensorScope scope = TensorScope.open();
        Model model = build(config(kind, "ForAudioFrameClassification"))) {
      ModelInput input = ModelInput.of(input(kind), sound(kind, 300));
      Tensor logits = model.apply(input).logits();
      Tensor labels = logits.mul(0);
      labels.select(-1, 1).fill(1);
      double expected = logits.logSoftmax(-1).select(-1, 1).mean().neg().item();
      assertThat(model.apply(input.with("labels", labels)).loss().item())
          .isCloseTo(expected, within(1e-9));
    }
  }

  private static Tensor parameter(Model model, String name) {
    return Objects.requireNonNull(model.parameters().get(name), name);
  }

  @Test
  void classes_read_all_layers_in_learned_shares() {
    Kind kind = new Kind("Wav2Vec2", "wav2vec2", ", \"use_weighted_layer_sum\": true", false);
    try (TensorScope scope = TensorScope.open();
        Model model = build(config(kind, "ForSequenceClassification"))) {
      ModelInput input = ModelInput.of(input(kind), sound(kind, 300));
      ModelOutput output = model.apply(input, Trace.NONE, new Wanted(true, false));
      Tensor shares = parameter(model, "layer_weights");
      assertThat(shares.toDoubleArray()).containsOnly(1 / 3.0);
      Tensor mean = Tensor.stack(output.series("hidden_states"), 0).mean(0, false).mean(1, false);
      Tensor inner =
          mean.matmul(parameter(model, "projector.weight").transpose(0, 1))
              .add(parameter(model, "projector.bias"));
      Tensor expected =
          inner
              .matmul(parameter(model, "classifier.weight").transpose(0, 1))
              .add(parameter(model, "classifier.bias"));
      TensorAssert.assertClose(output.logits(), expected, Tolerance.of(DType.F64));
      assertThat(model.apply(input).values().keySet()).noneMatch(k -> k.startsWith("hidden"));
    }
  }

  @Test
  void what_is_not_computed_is_refused_by_name() {
    Map<String, String> refused =
        Map.of(
            "\"position_embeddings_type\": \"relative_key\"", "position_embeddings_type",
            "\"conv_depthwise_kernel_size\": 4", "conv_depthwise_kernel_size",
            "\"feat_extract_norm\": \"batch\"", "feat_extract_norm");
    refused.forEach((value, key) -> {
      Kind kind = new Kind("Wav2Vec2Conformer", "wav2vec2-conformer", ", " + value, true);
      assertThatThrownBy(() -> build(config(kind, "ForCTC")).close())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(key);
    });
    Kind adapted = new Kind("WavLM", "wavlm", ", \"add_adapter\": true", true);
    assertThatThrownBy(() -> build(config(adapted, "ForSequenceClassification")).close())
        .hasMessageContaining("add_adapter");
  }

  @Test
  void a_moonshine_with_grouped_heads_and_a_short_sound() {
    ObjectNode json =
        (ObjectNode)
            JsonMapper.shared()
                .readTree(
                    """
                    {"model_type": "moonshine", "vocab_size": 13, "hidden_size": 12,
                     "intermediate_size": 17, "encoder_num_hidden_layers": 1,
                     "decoder_num_hidden_layers": 1, "encoder_num_attention_heads": 4,
                     "decoder_num_attention_heads": 2, "encoder_num_key_value_heads": 2,
                     "decoder_num_key_value_heads": 1, "head_dim": 8, "attention_bias": true,
                     "partial_rotary_factor": 0.5, "tie_word_embeddings": false,
                     "pad_head_dim_to_multiple_of": 8}
                    """);
    json.putArray("architectures").add("MoonshineForConditionalGeneration");
    try (TensorScope scope = TensorScope.open();
        Model model = build(json)) {
      Tensor labels = Tensor.of(new long[] {3, 4, 5}, 1, 3);
      ModelInput input =
          ModelInput.of("input_values", Tensor.randn(random, Shape.of(1, 895), DType.F64))
              .with("labels", labels);
      ModelOutput output = model.apply(input);
      assertThat(output.loss().item()).isGreaterThan(0).isFinite();
      assertThat(Optional.ofNullable(output.get("encoder_last_hidden_state")))
          .hasValueSatisfying(states -> assertThat(states.size(1)).isEqualTo(1));
      Tensor tooShort = Tensor.zeros(Shape.of(1, 894), DType.F64);
      assertThatThrownBy(
              () -> model.apply(ModelInput.of("input_values", tooShort).with("labels", labels)))
          .hasMessageContaining("input_values: expected [B, 895 samples or more]");
    }
  }
}
