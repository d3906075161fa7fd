package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every architecture of the text encoders, with new weights: it gives a loss where it has labels,
 * padding changes nothing before it, and one token is enough.
 */
@Tag("unit")
class EncoderFamiliesTest {
  private static final int WORDS = 23;
  private static final long PADDING = 1;

  /** Sizes as BERT's relatives call them. */
  private static final String SIZES =
      """
      "vocab_size": 23, "hidden_size": 14, "num_hidden_layers": 2, "num_attention_heads": 2,
      "intermediate_size": 19, "max_position_embeddings": 17, "pad_token_id": 1
      """;

  private static final Map<String, String> CONFIGS =
      Map.ofEntries(
          Map.entry("bert", SIZES),
          Map.entry("roberta", SIZES),
          Map.entry("xlm-roberta", SIZES),
          Map.entry("camembert", SIZES),
          Map.entry("xlm-roberta-xl", SIZES),
          Map.entry("electra", SIZES + ", \"embedding_size\": 5"),
          Map.entry("albert", SIZES + ", \"embedding_size\": 5, \"inner_group_num\": 2"),
          Map.entry("mpnet", SIZES),
          Map.entry(
              "modernbert",
              SIZES + ", \"local_attention\": 4, \"hidden_size\": 16, \"sparse_prediction\": true"),
          Map.entry("nomic_bert", SIZES + ", \"hidden_size\": 16"),
          Map.entry("roformer", SIZES + ", \"hidden_size\": 16, \"rotary_value\": true"),
          Map.entry("esm", SIZES + ", \"token_dropout\": true, \"mask_token_id\": 5"),
          Map.entry("layoutlm", SIZES),
          Map.entry("longformer", SIZES + ", \"attention_window\": 4, \"sep_token_id\": 3"),
          Map.entry("big_bird", SIZES),
          Map.entry("eurobert", SIZES + ", \"hidden_size\": 16"),
          Map.entry(
              "layoutlmv3",
              SIZES
                  + """
                  , "coordinate_size": 2, "shape_size": 3, "input_size": 32,
                  "id2label": {"0": "a", "1": "b"}
                  """),
          Map.entry(
              "deberta",
              SIZES
                  + """
                  , "relative_attention": true, "pos_att_type": "c2p|p2c", "talking_head": true,
                  "max_relative_positions": 5, "type_vocab_size": 2
                  """),
          Map.entry(
              "deberta-v2",
              SIZES
                  + """
                  , "relative_attention": true, "pos_att_type": ["p2c", "c2p"],
                  "position_buckets": 4, "attention_head_size": 5, "conv_kernel_size": 3,
                  "conv_groups": 2, "norm_rel_ebd": "layer_norm", "position_biased_input": false,
                  "legacy": false
                  """),
          Map.entry(
              "distilbert",
              """
              "vocab_size": 23, "dim": 14, "n_layers": 2, "n_heads": 2, "hidden_dim": 19,
              "max_position_embeddings": 17, "pad_token_id": 1
              """));

  private final Generator random = new Generator(61);

  private static ObjectNode config(String type, String architecture) {
    ObjectNode json = (ObjectNode) JsonMapper.shared().readTree("{" + CONFIGS.get(type) + "}");
    json.put("model_type", type);
    json.putArray("architectures").add(architecture);
    return json;
  }

  private Model build(ObjectNode json, DType dtype) {
    ModelConfig config = new ModelConfig("config", json);
    ModelFamilies.Choice choice = ModelFamilies.of(config);
    Weights weights = Weights.initialise(random, dtype);
    try {
      Model model = choice.builder().build(weights, config);
      config.requireAllKnown(choice.family().ignoredKeys());
      return model;
    } catch (RuntimeException e) {
      weights.discard();
      throw e;
    }
  }

  private Tensor words(long... sizes) {
    return Tensor.randint(random, WORDS - 2, Shape.of(sizes)).add(2);
  }

  @TestFactory
  Stream<DynamicTest> every_architecture() {
    return CONFIGS.keySet().stream()
        .sorted()
        .flatMap(type ->
            ModelFamilies.all().stream()
                .filter(family -> family.modelTypes().contains(type))
                .flatMap(family -> family.architectures().keySet().stream())
                .map(name -> DynamicTest.dynamicTest(type + " " + name, () -> check(type, name))));
  }

  private void check(String type, String architecture) {
    if (architecture.endsWith("ForMultipleChoice")) {
      checkChoices(type, architecture);
      return;
    }
    try (TensorScope scope = TensorScope.open();
        Model model = build(config(type, architecture), DType.F64)) {
      Tensor ids = words(2, 7);
      if (type.equals("longformer")) {
        // The question ends somewhere.
        ids.select(1, 2).fill(3);
      }
      ModelOutput plain = model.apply(ModelInput.of("input_ids", ids));
      Tensor padding = Tensor.full(Shape.of(2, 4), PADDING, DType.I64);
      Tensor real = Tensor.ones(Shape.of(2, 7), DType.I64);
      ModelInput padded =
          ModelInput.of("input_ids", Tensor.cat(List.of(ids, padding), 1))
              .with("attention_mask", Tensor.cat(List.of(real, padding.mul(0)), 1));
      TensorAssert.assertClose(
          model.apply(padded).lastHiddenState().narrow(1, 0, 7),
          plain.lastHiddenState(),
          Tolerance.of(DType.F64));
      ModelOutput one = model.apply(ModelInput.of("input_ids", Tensor.of(new long[] {3}, 1, 1)));
      assertThat(one.lastHiddenState().isFinite().all().item()).isEqualTo(1);
      if (architecture.matches(".*For[A-Z].*")) {
        Tensor loss = model.apply(labelled(architecture, ids)).loss();
        assertThat(loss.item()).isGreaterThan(0).isFinite();
      }
    }
  }

  private void checkChoices(String type, String architecture) {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config(type, architecture), DType.F64)) {
      Tensor ids = words(2, 3, 7);
      ModelInput input =
          ModelInput.of("input_ids", ids).with("labels", Tensor.of(new long[] {0, 2}, 2));
      ModelOutput output = model.apply(input);
      assertThat(output.logits().shape()).isEqualTo(Shape.of(2, 3));
      assertThat(output.loss().item()).isGreaterThan(0).isFinite();
      Tensor second = model.apply(ModelInput.of("input_ids", ids.narrow(1, 1, 1))).logits();
      TensorAssert.assertClose(second, output.logits().narrow(1, 1, 1), Tolerance.of(DType.F64));
      Tensor flat = ids.flatten(0, 1);
      assertThatThrownBy(() -> model.apply(ModelInput.of("input_ids", flat)))
          .hasMessageContaining("input_ids: expected [batch, choices, time]");
    }
  }

  private ModelInput labelled(String architecture, Tensor ids) {
    ModelInput input = ModelInput.of("input_ids", ids);
    Tensor two = Tensor.of(new long[] {0, 1}, 2);
    if (architecture.endsWith("ForQuestionAnswering")) {
      return input.with("start_positions", two).with("end_positions", two.add(2));
    }
    if (architecture.endsWith("SequenceClassification")
        || architecture.endsWith("ForNextSentencePrediction")) {
      return input.with("labels", two);
    }
    boolean binary =
        architecture.endsWith("TokenClassification")
            || architecture.equals("ElectraForPreTraining");
    ModelInput each = input.with("labels", binary ? Tensor.randint(random, 2, ids.shape()) : ids);
    return switch (architecture) {
      case "BertForPreTraining", "BigBirdForPreTraining" -> each.with("next_sentence_label", two);
      case "AlbertForPreTraining" -> each.with("sentence_order_label", two);
      default -> each;
    };
  }

  @Test
  void robertas_positions_count_from_the_padding_token_on() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config("roberta", "RobertaModel"), DType.F64)) {
      Tensor ids = words(1, 5);
      Tensor counted = model.apply(ModelInput.of("input_ids", ids)).lastHiddenState();
      ModelInput given =
          ModelInput.of("input_ids", ids)
              .with("position_ids", Tensor.of(new long[] {2, 3, 4, 5, 6}, 1, 5));
      TensorAssert.assertClose(
          counted, model.apply(given).lastHiddenState(), Tolerance.of(DType.F64));
      Tensor tooLong = words(1, 16);
      assertThatThrownBy(() -> model.apply(ModelInput.of("input_ids", tooLong)))
          .hasMessageContaining("text: expected at most 15 tokens, got 16");
    }
  }

  @Test
  void texts_end_to_end_are_each_counted_by_themselves() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config("roberta", "RobertaModel"), DType.F64)) {
      Tensor first = words(1, 5);
      Tensor second = words(1, 3);
      ModelInput joined =
          ModelInput.of("input_ids", Tensor.cat(List.of(first, second), 1))
              .with("document_ids", Tensor.of(new long[] {0, 0, 0, 0, 0, 1, 1, 1}, 1, 8));
      Tensor alone = model.apply(ModelInput.of("input_ids", second)).lastHiddenState();
      TensorAssert.assertClose(
          model.apply(joined).lastHiddenState().narrow(1, 5, 3), alone, Tolerance.of(DType.F64));
    }
  }

  @Test
  void words_that_are_not_tied_have_a_map_of_their_own() {
    try (TensorScope scope = TensorScope.open()) {
      for (String name : List.of("BertForMaskedLM", "RobertaForMaskedLM", "ElectraForMaskedLM")) {
        String type = name.substring(0, name.indexOf("For")).toLowerCase(java.util.Locale.ROOT);
        ObjectNode json = config(type, name).put("tie_word_embeddings", false);
        try (Model tied = build(config(type, name), DType.F32);
            Model own = build(json, DType.F32)) {
          assertThat(own.parameterCount() - tied.parameterCount())
              .isEqualTo(WORDS * Objects.requireNonNull(own.tokenTable()).size(1));
        }
      }
    }
  }

  @Test
  void layers_that_share_weights_have_trace_points_of_their_own() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config("albert", "AlbertModel"), DType.F32);
        dev.heed.nn.Trace trace = dev.heed.nn.Trace.record(name -> name.endsWith(".pattern"))) {
      model.apply(ModelInput.of("input_ids", words(1, 4)), trace);
      assertThat(trace.values().keySet())
          .containsExactly(
              "albert.encoder.layer.0.attention.pattern",
              "albert.encoder.layer.1.attention.pattern",
              "albert.encoder.layer.2.attention.pattern",
              "albert.encoder.layer.3.attention.pattern");
    }
  }

  @Test
  void a_key_or_a_value_that_is_not_honoured_is_refused_by_name() {
    ObjectNode unheard = config("roberta", "RobertaModel").put("rotary_value", true);
    assertThatThrownBy(() -> build(unheard, DType.F32)).hasMessageContaining("rotary_value");
    ObjectNode decoder = config("electra", "ElectraModel").put("is_decoder", true);
    assertThatThrownBy(() -> build(decoder, DType.F32)).hasMessageContaining("is_decoder");
    ObjectNode groups = config("albert", "AlbertModel").put("num_hidden_groups", 3);
    assertThatThrownBy(() -> build(groups, DType.F32))
        .hasStackTraceContaining("num_hidden_groups, inner_group_num: expected 1 to 2 groups");
  }

  @Test
  void a_published_nomic_config_is_read_and_its_other_choices_are_refused() {
    String published =
        """
        {"model_type": "nomic_bert", "architectures": ["NomicBertModel"], "vocab_size": 23,
         "n_embd": 16, "n_head": 2, "n_layer": 1, "n_inner": 19, "max_trained_positions": 17,
         "activation_function": "swiglu", "rotary_emb_base": 500, "rotary_emb_fraction": 1.0,
         "prenorm": false, "use_flash_attn": true}
        """;
    try (TensorScope scope = TensorScope.open()) {
      ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(published);
      try (Model model = build(json, DType.F32)) {
        assertThat(model.apply(ModelInput.of("input_ids", words(1, 3))).lastHiddenState().size(2))
            .isEqualTo(16);
      }
      json.put("prenorm", true);
      assertThatThrownBy(() -> build(json, DType.F32)).hasMessageContaining("prenorm");
    }
  }

  @Test
  void a_box_beyond_the_page_is_refused() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config("layoutlm", "LayoutLMModel"), DType.F32)) {
      ModelInput input =
          ModelInput.of("input_ids", words(1, 1))
              .with("bbox", Tensor.of(new long[] {1, 2, 3, 1024}, 1, 1, 4));
      assertThatThrownBy(() -> model.apply(input))
          .hasMessageContaining("bbox: expected edges from 0 to 1023, got 1 to 1024");
    }
  }

  @Test
  void a_term_that_deberta_does_not_have_is_refused() {
    ObjectNode json = config("deberta-v2", "DebertaV2Model").put("pos_att_type", "c2p|p2p");
    assertThatThrownBy(() -> build(json, DType.F32))
        .hasStackTraceContaining("pos_att_type: expected c2p and p2c");
  }

  @Test
  void longformer_reads_alike_with_and_without_its_weights() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config("longformer", "LongformerModel"), DType.F64)) {
      ModelInput input =
          ModelInput.of("input_ids", words(2, 11))
              .with("global_attention_mask", Tensor.randint(random, 2, Shape.of(2, 11)))
              .with("attention_mask", Tensor.arange(11, DType.I64).lt(9).expand(2, 11));
      ModelOutput seen = model.apply(input, dev.heed.nn.Trace.NONE, Run.Wanted.ALL);
      assertThat(seen.series("attentions")).hasSize(2);
      assertThat(seen.series("global_attentions")).hasSize(2);
      TensorAssert.assertClose(
          model.apply(input).lastHiddenState(), seen.lastHiddenState(), Tolerance.of(DType.F64));
    }
  }

  @Test
  void longformer_looks_for_answers_only_behind_a_question() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config("longformer", "LongformerForQuestionAnswering"), DType.F32)) {
      Tensor none = words(1, 5).maskedFill(words(1, 5).ge(0), 7);
      assertThatThrownBy(() -> model.apply(ModelInput.of("input_ids", none)))
          .hasMessageContaining("input_ids: expected in each text a separator, 3");
    }
  }

  @Test
  void layoutlmv3_takes_images_of_its_size_only() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config("layoutlmv3", "LayoutLMv3Model"), DType.F32)) {
      ModelInput text = ModelInput.of("input_ids", words(2, 5));
      Tensor page = Tensor.rand(random, Shape.of(2, 3, 32, 32), DType.F32);
      assertThat(model.apply(text.with("pixel_values", page)).lastHiddenState().shape())
          .isEqualTo(Shape.of(2, 10, 14));
      Tensor small = Tensor.rand(random, Shape.of(2, 3, 16, 32), DType.F32);
      assertThatThrownBy(() -> model.apply(text.with("pixel_values", small)))
          .hasMessageContaining("pixel_values: expected [B, 3, 32, 32]");
    }
  }
}
