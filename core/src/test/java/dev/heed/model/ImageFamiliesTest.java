package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every architecture of families that read images, with new weights: it reads images of other sizes
 * where it may, keeps the images of a batch apart, learns where it has labels, and refuses by name
 * what it does not compute.
 */
@Tag("unit")
class ImageFamiliesTest {
  private static final String LABELS = "\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}";

  private static final Map<String, String> CONFIGS =
      Map.of(
          "beit",
          """
          "hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 3,
          "intermediate_size": 17, "image_size": 12, "patch_size": 4, "vocab_size": 11,
          "use_mask_token": true, "use_absolute_position_embeddings": true,
          "use_relative_position_bias": true, "use_shared_relative_position_bias": true
          """,
          "dinov3_vit",
          """
          "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3,
          "intermediate_size": 17, "patch_size": 4, "use_gated_mlp": true,
          "num_register_tokens": 0, "hidden_act": "silu", "key_bias": true
          """,
          "convnext",
          """
          "num_stages": 2, "hidden_sizes": [5, 7], "depths": [1, 2], "patch_size": 2
          """,
          "swin",
          """
          "embed_dim": 6, "depths": [2, 1], "num_heads": [2, 3], "window_size": 3,
          "image_size": 12, "patch_size": 2, "mlp_ratio": 2.0, "qkv_bias": false
          """,
          "swinv2",
          """
          "embed_dim": 6, "depths": [2, 1], "num_heads": [2, 3], "window_size": 3,
          "image_size": 12, "patch_size": 2, "mlp_ratio": 2.0,
          "pretrained_window_sizes": [2, 0]
          """,
          "segformer",
          """
          "num_encoder_blocks": 2, "depths": [1, 2], "sr_ratios": [2, 1], "hidden_sizes": [6, 10],
          "patch_sizes": [3, 3], "strides": [2, 2], "num_attention_heads": [2, 5],
          "mlp_ratios": [2, 1.5], "decoder_hidden_size": 7
          """,
          "pvt",
          """
          "image_size": 16, "num_encoder_blocks": 2, "depths": [1, 2],
          "sequence_reduction_ratios": [2, 1], "hidden_sizes": [6, 10], "patch_sizes": [4, 2],
          "strides": [4, 2], "num_attention_heads": [2, 5], "mlp_ratios": [2, 2]
          """);

  private final Generator random = new Generator(67);

  private static ObjectNode config(String type, String architecture) {
    String text = "{" + CONFIGS.get(type) + ", " + LABELS + "}";
    ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(text);
    json.put("model_type", type);
    json.putArray("architectures").add(architecture);
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

  private Tensor image(long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64);
  }

  @TestFactory
  Stream<DynamicTest> every_architecture() {
    return CONFIGS.keySet().stream()
        .sorted()
        .flatMap(type ->
            ModelFamilies.all().stream()
                .filter(family -> family.modelTypes().contains(type))
                .flatMap(family -> family.architectures().keySet().stream())
                .filter(name -> name.startsWith("Swinv2") == type.equals("swinv2"))
                .map(name -> DynamicTest.dynamicTest(type + " " + name, () -> check(type, name))));
  }

  private void check(String type, String architecture) {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config(type, architecture))) {
      // No square, and not what patches or windows divide, where the family allows it.
      Tensor images = type.equals("pvt") ? image(2, 3, 16, 16) : image(2, 3, 18, 21);
      ModelInput input = ModelInput.of("pixel_values", images);
      Tensor both = model.apply(input).lastHiddenState();
      ModelInput second = ModelInput.of("pixel_values", images.narrow(0, 1, 1));
      TensorAssert.assertClose(
          model.apply(second).lastHiddenState(), both.narrow(0, 1, 1), Tolerance.of(DType.F64));
      ModelOutput all = model.apply(input, Trace.NONE, Wanted.ALL);
      TensorAssert.assertClose(all.lastHiddenState(), both, new Tolerance(1e-9, 1e-9));
      assertThat(all.series("attentions").isEmpty()).isEqualTo(type.equals("convnext"));
      assertThat(all.series("hidden_states")).hasSizeGreaterThan(1);
      if (architecture.contains("For")) {
        learns(model, architecture, input, images);
      }
    }
  }

  private void learns(Model model, String architecture, ModelInput input, Tensor images) {
    model.requiresGrad(true);
    Tensor loss = model.apply(labelled(architecture, input, images)).loss();
    assertThat(loss.item()).isGreaterThan(0).isFinite();
    List<Tensor> learning = model.learning();
    assertThat(Gradients.of(loss, learning)).hasSameSizeAs(learning);
    model.requiresGrad(false);
  }

  private ModelInput labelled(String architecture, ModelInput input, Tensor images) {
    if (architecture.endsWith("ForSemanticSegmentation")) {
      Tensor each = Tensor.randint(random, 3, Shape.of(2, images.size(2), images.size(3)));
      return input.with("labels", each);
    }
    if (architecture.endsWith("ForMaskedImageModeling")) {
      // 4 by 5 patches, 7 of the first image hidden and 2 of the second.
      Tensor hidden = Tensor.zeros(Shape.of(2, 20), DType.I64);
      hidden.select(0, 0).narrow(0, 3, 7).fill(1);
      hidden.select(0, 1).narrow(0, 1, 2).fill(1);
      return input
          .with("bool_masked_pos", hidden)
          .with("labels", Tensor.randint(random, 11, Shape.of(9)));
    }
    return input.with("labels", Tensor.of(new long[] {0, 2}, 2));
  }

  @Test
  void beits_hidden_patches_say_nothing() {
    try (TensorScope scope = TensorScope.open();
        Model model = build(config("beit", "BeitModel"))) {
      Tensor images = image(1, 3, 12, 12);
      Tensor changed = images.copy();
      changed.narrow(2, 0, 4).narrow(3, 4, 4).fill(3);
      Tensor hidden = Tensor.of(new long[] {0, 1, 0, 0, 0, 0, 0, 0, 0}, 1, 9);
      ModelInput input = ModelInput.of("pixel_values", images).with("bool_masked_pos", hidden);
      TensorAssert.assertEqual(
          model.apply(input.with("pixel_values", changed)).lastHiddenState(),
          model.apply(input).lastHiddenState());
    }
  }

  @Test
  void refuses_images_that_a_family_does_not_read() {
    try (TensorScope scope = TensorScope.open()) {
      try (Model swin = build(config("swin", "SwinModel"))) {
        Tensor small = image(1, 3, 8, 12);
        assertThatThrownBy(() -> swin.apply(ModelInput.of("pixel_values", small)))
            .hasMessageContaining("expected an image of at least one window of 3 by 3 patches");
        Tensor grey = image(1, 1, 12, 12);
        assertThatThrownBy(() -> swin.apply(ModelInput.of("pixel_values", grey)))
            .hasMessageContaining("pixel_values: expected [B, 3, height, width]");
      }
      try (Model pvt = build(config("pvt", "PvtModel"))) {
        Tensor large = image(1, 3, 24, 16);
        assertThatThrownBy(() -> pvt.apply(ModelInput.of("pixel_values", large)))
            .hasMessageContaining("expected an image of image_size");
      }
    }
  }

  @Test
  void refuses_configs_that_make_no_model() {
    refused("segformer", "SegformerForSemanticSegmentation", "\"reshape_last_stage\": false")
        .contains("reshape_last_stage");
    refused("segformer", "SegformerModel", "\"depths\": [1]")
        .contains("depths: expected a number from 1 for each of 2 stages, got [1]");
    refused("pvt", "PvtModel", "\"sequence_reduction_ratios\": [2, 2]")
        .contains("expected 1 in the last stage");
    refused("pvt", "PvtModel", "\"num_attention_heads\": [4, 5]")
        .contains("num_attention_heads: expected divisors of the sizes [6, 10]");
    refused("swinv2", "Swinv2Model", "\"pretrained_window_sizes\": [1, 2]")
        .contains("pretrained_window_sizes: expected 0, or a side from 2");
    refused("convnext", "ConvNextModel", "\"hidden_sizes\": [5]").contains("hidden_sizes");
    refused("dinov3_vit", "DINOv3ViTModel", "\"num_attention_heads\": 5").contains("hidden_size");
    refused("beit", "BeitModel", "\"window\": 3").contains("window");
    refused("beit", "BeitForSemanticSegmentation", "\"vocab_size\": 11")
        .contains("BeitForSemanticSegmentation");
  }

  private org.assertj.core.api.AbstractStringAssert<?> refused(
      String type, String architecture, String change) {
    ObjectNode json = config(type, architecture);
    JsonMapper.shared()
        .readTree("{" + change + "}")
        .properties()
        .forEach(entry -> json.set(entry.getKey(), entry.getValue()));
    RuntimeException thrown =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            RuntimeException.class, () -> build(json).close());
    assertThat(thrown).isNotNull();
    return assertThat(thrown.getMessage());
  }

  @Test
  void pyramids_keep_their_own_attention() {
    try (TensorScope scope = TensorScope.open();
        Model swin = build(config("swin", "SwinModel"))) {
      assertThatThrownBy(() -> swin.withMixers((layer, own) -> own))
          .hasMessageContaining("mixers: this encoder keeps its own attention");
    }
  }
}
