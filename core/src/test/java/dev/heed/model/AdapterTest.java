package dev.heed.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.adapt.AdapterFolder;
import dev.heed.adapt.LoraConfig;
import dev.heed.adapt.LowRankAdaptation;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.fixture.Overfit;
import dev.heed.fixture.RecordedModels;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LoRA on a BERT that was loaded without knowing of it. */
@Tag("integration")
class AdapterTest {
  private static final LoraConfig CONFIG =
      new LoraConfig(2, 6, "*.attention.self.{query,value}", "intermediate.dense");

  private static final int LAYERS = 2;

  private final Generator random = new Generator(17);

  private static Model bert() {
    return ModelLoader.of(RecordedModels.named("bert")).bare().as(DType.F64).load();
  }

  private static ModelInput input() {
    return ModelInput.of(
        "input_ids", Tensor.of(new long[] {5, 9, 2, 31, 8, 7, 1, 3, 11, 30}, 2, 5));
  }

  private static Tensor hidden(Model model) {
    return model.apply(input()).require("last_hidden_state");
  }

  private static double train(Model model, LowRankAdaptation lora, int steps) {
    Tensor wanted = Tensor.randn(new Generator(3), hidden(model).shape(), DType.F64);
    return Overfit.loss(
        List.of(lora), () -> hidden(model).sub(wanted).square().mean(), steps, 0.02);
  }

  private static Map<String, double[]> copies(Model model) {
    return model.parameters().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toDoubleArray()));
  }

  @Test
  void only_the_thin_matrices_learn_and_the_loss_falls() {
    try (TensorScope scope = TensorScope.open();
        Model model = bert()) {
      Map<String, double[]> before = copies(model);
      Tensor plain = hidden(model);
      try (LowRankAdaptation lora = LowRankAdaptation.attach(model, CONFIG, random)) {
        assertThat(lora.paths())
            .contains(
                "bert.encoder.layer.0.attention.self.query",
                "bert.encoder.layer.1.attention.self.value",
                "bert.encoder.layer.1.intermediate.dense")
            .hasSize(3 * LAYERS);
        assertThat(model.learning()).containsExactlyInAnyOrderElementsOf(lora.trainable().values());
        TensorAssert.assertEqual(hidden(model), plain);
        double first = train(model, lora, 0);
        assertThat(train(model, lora, 60)).isLessThan(0.8 * first);
        copies(model).forEach((name, values) -> assertThat(values).isEqualTo(before.get(name)));
        assertThat(lora.trainedShare())
            .isEqualTo(
                lora.parameterCount() / (double) (lora.parameterCount() + model.parameterCount()))
            .isBetween(0.01, 0.2);
        assertThat(lora.summary()).startsWith("LoRA of rank 2 on 6 maps trains ").endsWith(" %)");
      }
      TensorAssert.assertEqual(hidden(model), plain);
    }
  }

  @Test
  void merged_gives_the_same_numbers_and_unmerged_the_same_bits() {
    try (TensorScope scope = TensorScope.open();
        Model model = bert();
        LowRankAdaptation lora = LowRankAdaptation.attach(model, CONFIG, random)) {
      Tensor untrained = hidden(model);
      train(model, lora, 7);
      Tensor apart = hidden(model);
      assertThat(apart.sub(untrained).abs().max().item()).isGreaterThan(1e-3);
      lora.merge();
      assertThat(lora.isMerged()).isTrue();
      TensorAssert.assertClose(hidden(model), apart, new Tolerance(1e-12, 1e-12));
      lora.unmerge();
      TensorAssert.assertEqual(hidden(model), apart);
      lora.merge();
    }
  }

  @Test
  void the_update_is_what_the_formula_says() {
    try (TensorScope scope = TensorScope.open();
        Model model = bert();
        Trace plain = Trace.record(point -> point.endsWith("layer.0.attention.self.q"));
        Trace adapted = Trace.record(point -> point.endsWith("layer.0.attention.self.q"))) {
      Tensor before = model.apply(input(), plain).require("last_hidden_state");
      LoraConfig config =
          new LoraConfig(4, 6, List.of("layer.0.attention.self.query"), true, false);
      try (LowRankAdaptation lora = LowRankAdaptation.attach(model, config, random)) {
        train(model, lora, 3);
        Tensor x = embedded(model);
        model.apply(input(), adapted);
        String path = "base_model.model.bert.encoder.layer.0.attention.self.query";
        Tensor a = Objects.requireNonNull(lora.parameters().get(path + ".lora_A.weight"));
        Tensor b = Objects.requireNonNull(lora.parameters().get(path + ".lora_B.weight"));
        Tensor change = x.matmul(a.transpose(0, 1)).matmul(b.transpose(0, 1)).mul(6 / Math.sqrt(4));
        int heads = Math.toIntExact(plain.value("bert.encoder.layer.0.attention.self.q").size(1));
        String point = "bert.encoder.layer.0.attention.self.q";
        TensorAssert.assertClose(
            adapted.value(point),
            plain
                .value(point)
                .add(change.unflatten(2, heads, change.size(2) / heads).transpose(1, 2)),
            new Tolerance(1e-12, 1e-12));
      }
      TensorAssert.assertEqual(hidden(model), before);
    }
  }

  private static Tensor embedded(Model model) {
    try (Trace trace = Trace.record("bert.embeddings.hidden"::equals)) {
      model.apply(input(), trace);
      return trace.value("bert.embeddings.hidden").copy();
    }
  }

  @Test
  void a_saved_adapter_has_peft_names_and_comes_back_to_the_bit(@TempDir Path folder)
      throws Exception {
    try (TensorScope scope = TensorScope.open();
        Model model = bert()) {
      Tensor trained;
      try (LowRankAdaptation lora = LowRankAdaptation.attach(model, CONFIG, random)) {
        train(model, lora, 5);
        trained = hidden(model);
        AdapterFolder.save(folder, lora);
      }
      try (SafetensorsFile file =
          SafetensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
        assertThat(file.names())
            .hasSize(12)
            .contains(
                "base_model.model.bert.encoder.layer.1.attention.self.value.lora_A.weight",
                "base_model.model.bert.encoder.layer.1.attention.self.value.lora_B.weight");
      }
      assertThat(Files.readString(folder.resolve("adapter_config.json")))
          .contains("\"r\" : 2", "\"lora_alpha\" : 6.0", "\"bias\" : \"none\"")
          .contains("\"fan_in_fan_out\" : false", "\"use_rslora\" : false")
          .contains("\"bert.encoder.layer.0.attention.self.query\"");
      try (LowRankAdaptation lora = AdapterFolder.load(folder, model)) {
        TensorAssert.assertEqual(hidden(model), trained);
        assertThat(model.learning()).isEmpty();
        lora.requiresGrad(true);
        assertThat(model.learning()).hasSize(12);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "bias": "all"             | bias: expected updates alone
          "peft_type": "IA3"        | peft_type: expected LORA, got "IA3"
          "rank_pattern": {"q*": 3} | rank_pattern: expected the ends of paths, written out, got q*
          "alpha_pattern": {"q": 0} | lora_alpha: expected a number above 0, got 0.0
          "r": 0                    | LoRA rank: expected at least 1, got 0
          "lora_alpha": -1          | lora_alpha: expected a number above 0, got -1.0
          """)
  void what_it_cannot_read_is_named(String entry, String message, @TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("adapter_config.json"), "{" + entry + "}");
    SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), Map.of(), Map.of());
    try (Model model = bert()) {
      assertThatThrownBy(() -> AdapterFolder.load(folder, model))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void ranks_and_scales_differ_by_pattern() {
    LoraConfig config =
        CONFIG.withPatterns(
            Map.of("layer.0.attention.self.query", 3), Map.of("intermediate.dense", 4.0));
    try (TensorScope scope = TensorScope.open();
        Model model = bert();
        LowRankAdaptation lora = LowRankAdaptation.attach(model, config, random)) {
      String prefix = "base_model.model.bert.encoder.layer.";
      Map<String, Long> sizes = new HashMap<>();
      lora.parameters().forEach((name, tensor) -> sizes.put(name, tensor.size(0)));
      assertThat(sizes.get(prefix + "0.attention.self.query.lora_A.weight")).isEqualTo(3);
      assertThat(sizes.get(prefix + "1.attention.self.query.lora_A.weight")).isEqualTo(2);
      assertThat(config.scale("bert.encoder.layer.0.attention.self.query")).isEqualTo(2);
      assertThat(config.scale("bert.encoder.layer.1.attention.self.query")).isEqualTo(3);
      assertThat(config.scale("bert.encoder.layer.1.intermediate.dense")).isEqualTo(2);
    }
  }

  @Test
  void dora_learns_lengths_apart_from_directions(@TempDir Path folder) {
    try (TensorScope scope = TensorScope.open();
        Model model = bert()) {
      Tensor plain = hidden(model);
      Tensor learned;
      try (LowRankAdaptation dora = LowRankAdaptation.attach(model, CONFIG.withDora(), random)) {
        TensorAssert.assertClose("start", hidden(model), plain, new Tolerance(1e-12, 1e-12));
        double before = train(model, dora, 1);
        assertThat(train(model, dora, 30)).isLessThan(before);
        learned = hidden(model);
        Linear map =
            model.modules(Linear.class).stream()
                .filter(linear -> linear.path().endsWith("layer.0.attention.self.query"))
                .findFirst()
                .orElseThrow();
        String name = "base_model.model.bert.encoder.layer.0.attention.self.query.";
        Tensor a = requireNonNull(dora.parameters().get(name + "lora_A.weight"));
        Tensor b = requireNonNull(dora.parameters().get(name + "lora_B.weight"));
        Tensor lengths = requireNonNull(dora.parameters().get(name + "lora_magnitude_vector"));
        Tensor sum = map.weight().add(b.matmul(a).mul(3));
        Tensor wanted = sum.mul(lengths.unsqueeze(1)).div(sum.square().sum(1, true).sqrt());
        TensorAssert.assertClose("W'", map.effectiveWeight(), wanted, new Tolerance(1e-12, 1e-12));
        Tensor x = Tensor.randn(new Generator(5), Shape.of(3, map.in()), DType.F64);
        TensorAssert.assertClose(
            "y", map.apply(x), x.linear(wanted, map.bias()), new Tolerance(1e-11, 1e-11));
        dora.merge();
        TensorAssert.assertClose("merged", hidden(model), learned, new Tolerance(1e-9, 1e-9));
        dora.unmerge();
        AdapterFolder.save(folder, dora);
      }
      TensorAssert.assertEqual(hidden(model), plain);
      try (LowRankAdaptation loaded = AdapterFolder.load(folder, model)) {
        assertThat(loaded.config().useDora()).isTrue();
        TensorAssert.assertEqual(hidden(model), learned);
      }
    }
  }

  @Test
  void unknown_maps_get_the_closest_names() {
    try (Model model = bert()) {
      assertThatThrownBy(
              () -> LowRankAdaptation.attach(model, new LoraConfig(2, 4, "self.qeury"), random))
          .hasMessage(
              "LoRA: expected the path of a linear map or its end, got \"self.qeury\"; the closest"
                  + " are [self.query]");
      assertThatThrownBy(
              () -> LowRankAdaptation.attach(model, new LoraConfig(2, 4, "wholly_other"), random))
          .hasMessageEndingWith("the model's maps end in [query, key, value, dense]");
    }
  }

  @Test
  void a_file_for_another_model_is_refused_and_leaves_the_model_alone(@TempDir Path folder) {
    try (TensorScope scope = TensorScope.open();
        Model model = bert()) {
      Tensor plain = hidden(model);
      Tensor a = Tensor.zeros(Shape.of(2, 7), DType.F64);
      assertThatThrownBy(() ->
              LowRankAdaptation.attach(
                  model,
                  CONFIG,
                  WeightSource.of(
                      Map.of(
                          "base_model.model.bert.encoder.layer.0.output.dense.lora_A.weight", a))))
          .hasMessageContaining("base_model.model.bert.encoder.layer.0.output.dense.lora_A.weight");
      assertThatThrownBy(() ->
              LowRankAdaptation.attach(
                  model,
                  CONFIG,
                  WeightSource.of(
                      Map.of("base_model.model.bert.decoder.layer.0.query.lora_A.weight", a))))
          .hasMessageContaining("got \"bert.decoder.layer.0.query\"");
      assertThatThrownBy(() ->
              LowRankAdaptation.attach(
                  model, CONFIG, WeightSource.of(Map.of("classifier.weight", a))))
          .hasMessageContaining("unused [classifier.weight]");
      TensorAssert.assertEqual(hidden(model), plain);
    }
  }

  @Test
  void one_map_has_one_adaptation() {
    try (Model model = bert();
        LowRankAdaptation lora = LowRankAdaptation.attach(model, CONFIG, random)) {
      assertThat(lora.config()).isEqualTo(CONFIG);
      assertThatThrownBy(
              () -> LowRankAdaptation.attach(model, new LoraConfig(1, 1, "value"), random))
          .hasMessageContaining("attention.self.value is adapted already");
    }
  }

  @Test
  void gradients_reach_nothing_but_the_updates() {
    try (TensorScope scope = TensorScope.open();
        Model model = bert();
        LowRankAdaptation lora = LowRankAdaptation.attach(model, CONFIG, random)) {
      List<Tensor> gradients =
          Gradients.of(hidden(model).square().sum(), List.copyOf(lora.trainable().values()));
      // B is zero at the start: gradients reach it and not yet A.
      for (int i = 0; i < gradients.size(); i++) {
        assertThat(gradients.get(i).abs().max().item() > 0).isEqualTo(i % 2 == 1);
      }
    }
  }
}
