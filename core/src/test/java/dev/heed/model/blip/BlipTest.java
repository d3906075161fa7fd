package dev.heed.model.blip;

import static dev.heed.fixture.TensorAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.DecodeState;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What recordings do not show of BLIP: decoding, questions, pairs, refusals. */
@Tag("unit")
class BlipTest {
  private static final Tolerance CLOSE = Tolerance.of(DType.F64);
  private static final String VISION =
      """
      {"hidden_size": 12, "intermediate_size": 17, "num_hidden_layers": 2,
       "num_attention_heads": 3, "image_size": 8, "patch_size": 4}
      """;
  private static final String TEXT =
      """
      {"vocab_size": 23, "hidden_size": 12, "intermediate_size": 19, "num_hidden_layers": 2,
       "num_attention_heads": 2, "max_position_embeddings": 9, "bos_token_id": 5 CHANGE}
      """;

  private final Generator random = new Generator(71);

  private Model build(String architecture, String change) {
    ModelConfig config =
        new ModelConfig(
            "config",
            JsonMapper.shared()
                .readTree(
                    "{\"model_type\": \"blip\", \"image_text_hidden_size\": 7, \"projection_dim\":"
                        + " 6, \"architectures\": [\""
                        + architecture
                        + "\"], \"vision_config\": "
                        + VISION
                        + ", \"text_config\": "
                        + TEXT.replace("CHANGE", change)
                        + "}"));
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

  private Tensor images(int count) {
    return Tensor.randn(random, Shape.of(count, 3, 8, 8), DType.F64);
  }

  private Tensor words(long... sizes) {
    return Tensor.randint(random, 21, Shape.of(sizes)).add(1);
  }

  @Test
  void a_caption_token_by_token_equals_the_whole() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("BlipForConditionalGeneration", "");
        DecodeState state = new DecodeState()) {
      Tensor ids = words(2, 5);
      Tensor images = images(2);
      ModelInput input = ModelInput.of("input_ids", ids).with("pixel_values", images);
      Tensor whole = model.apply(input).logits();
      Tensor first = model.apply(input.with("input_ids", ids.narrow(1, 0, 3)).with(state)).logits();
      assertClose(first, whole.narrow(1, 0, 3), CLOSE);
      for (int i = 3; i < 5; i++) {
        // The image is not needed any more.
        ModelInput next = ModelInput.of("input_ids", ids.narrow(1, i, 1)).with(state);
        assertClose(model.apply(next).logits(), whole.narrow(1, i, 1), CLOSE);
      }
    }
  }

  @Test
  void a_caption_begins_by_itself_and_is_its_own_label() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("BlipForConditionalGeneration", "")) {
      Tensor images = images(2);
      ModelInput input = ModelInput.of("pixel_values", images);
      Tensor begun = model.apply(input).logits();
      Tensor start = Tensor.full(Shape.of(2, 1), 5, DType.I64);
      assertClose(begun, model.apply(input.with("input_ids", start)).logits(), CLOSE);
      // What follows the end of a text is no label.
      Tensor ids = Tensor.cat(List.of(words(2, 4), Tensor.zeros(Shape.of(2, 2), DType.I64)), 1);
      Tensor labels = Tensor.where(ids.eq(0), Tensor.scalar(-100, DType.I64), ids);
      ModelInput read = input.with("input_ids", ids);
      assertClose(model.apply(read).loss(), model.apply(read.with("labels", labels)).loss(), CLOSE);
    }
  }

  @Test
  void smoothing_spreads_a_share_of_each_label() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("BlipForConditionalGeneration", ", \"label_smoothing\": 0.25")) {
      ModelInput input = ModelInput.of("pixel_values", images(1)).with("input_ids", words(1, 4));
      ModelOutput output = model.apply(input);
      Tensor logs = output.logits().narrow(1, 0, 3).logSoftmax(-1);
      Tensor targets = input.require("input_ids").narrow(1, 1, 3).unsqueeze(-1);
      Tensor sharp = logs.gather(2, targets).mean().neg();
      Tensor even = logs.mean().neg();
      assertClose(output.loss(), sharp.mul(0.75).add(even.mul(0.25)), CLOSE);
    }
  }

  @Test
  void an_answer_reads_the_question_that_reads_the_image() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("BlipForQuestionAnswering", "");
        DecodeState state = new DecodeState()) {
      Tensor question = words(2, 4);
      Tensor padded = Tensor.cat(List.of(question, Tensor.zeros(Shape.of(2, 2), DType.I64)), 1);
      Tensor answer = words(2, 3);
      Tensor images = images(2);
      ModelInput input =
          ModelInput.of("pixel_values", images)
              .with("input_ids", question)
              .with("decoder_input_ids", answer);
      Tensor whole = model.apply(input).logits();
      Tensor mask = padded.ne(0).to(DType.I64);
      ModelInput longer = input.with("input_ids", padded).with("attention_mask", mask);
      assertClose(model.apply(longer).logits(), whole, CLOSE);
      ModelInput other = input.with("pixel_values", images.flip(0));
      assertThat(model.apply(other).logits().sub(whole).abs().max().item()).isGreaterThan(1e-6);
      assertClose(
          model
              .apply(longer.with("decoder_input_ids", answer.narrow(1, 0, 2)).with(state))
              .logits(),
          whole.narrow(1, 0, 2),
          CLOSE);
      ModelInput next = ModelInput.of("decoder_input_ids", answer.narrow(1, 2, 1)).with(state);
      assertClose(model.apply(next).logits(), whole.narrow(1, 2, 1), CLOSE);
      Tensor loss = model.apply(input.without("decoder_input_ids").with("labels", answer)).loss();
      assertClose(loss, model.apply(input.with("labels", answer)).loss(), CLOSE);
    }
  }

  @Test
  void a_text_fits_by_a_head_or_by_its_angle() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("BlipForImageTextRetrieval", "")) {
      ModelInput input = ModelInput.of("pixel_values", images(2)).with("input_ids", words(2, 4));
      assertThat(model.apply(input).require("itm_score").shape()).isEqualTo(Shape.of(2, 2));
      ModelInput apart = input.with("use_itm_head", false).with("input_ids", words(3, 4));
      Tensor cosines = model.apply(apart).require("itm_score");
      assertThat(cosines.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(cosines.abs().max().item()).isLessThanOrEqualTo(1 + 1e-12);
    }
  }

  @Test
  void pairs_meet_by_their_angles() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("BlipModel", "")) {
      ModelInput input =
          ModelInput.of("pixel_values", images(2))
              .with("input_ids", words(2, 4))
              .with("return_loss", true);
      ModelOutput output = model.apply(input);
      assertThat(output.require("text_embeds").shape()).isEqualTo(Shape.of(2, 6));
      assertThat(output.loss().item()).isGreaterThan(0).isFinite();
    }
  }

  @Test
  void refuses_what_it_does_not_compute() {
    String architecture = "BlipForConditionalGeneration";
    assertThatThrownBy(() -> build(architecture, ", \"is_decoder\": false").close())
        .hasMessageContaining("is_decoder");
    assertThatThrownBy(() -> build(architecture, ", \"label_smoothing\": 2").close())
        .hasMessageContaining("label_smoothing: expected a number from 0 to 1, got 2.0");
    assertThatThrownBy(() -> build(architecture, ", \"segments\": 2").close())
        .hasMessageContaining("segments");
    try (TensorScope scope = TensorScope.open();
        Model model = build(architecture, "")) {
      Tensor ids = words(1, 10);
      ModelInput input = ModelInput.of("pixel_values", images(1)).with("input_ids", ids);
      assertThatThrownBy(() -> model.apply(input))
          .hasMessageContaining("expected at most 9 tokens, got 10");
      Tensor large = Tensor.zeros(Shape.of(1, 3, 12, 8), DType.F64);
      assertThatThrownBy(() -> model.apply(input.with("pixel_values", large)))
          .hasMessageContaining("expected 8 by 8 pixels, got 12 by 8");
    }
  }
}
