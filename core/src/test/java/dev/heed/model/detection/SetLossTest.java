package dev.heed.model.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.ModelStart;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Tag("unit")
class SetLossTest {
  private final Generator random = new Generator(23);

  @AfterEach
  void close() {
    random.close();
  }

  private static ObjectNode detr() {
    return (ObjectNode)
        JsonMapper.shared()
            .readTree(
                """
                {"architectures": ["DetrForObjectDetection"], "model_type": "detr",
                 "backbone_config": {"model_type": "resnet", "embedding_size": 6,
                   "hidden_sizes": [6, 8], "depths": [1, 1], "layer_type": "basic"},
                 "num_queries": 5, "d_model": 12, "encoder_layers": 1, "encoder_ffn_dim": 17,
                 "encoder_attention_heads": 3, "decoder_layers": 3, "decoder_ffn_dim": 17,
                 "decoder_attention_heads": 3, "dropout": 0.0,
                 "id2label": {"0": "a", "1": "b"}}
                """);
  }

  private Model model(ObjectNode config, DType dtype) {
    return ModelStart.fromNothing("a test", config, dtype, random).model();
  }

  private ModelInput labelled(DType dtype) {
    return ModelInput.of("pixel_values", Tensor.randn(random, 2, 3, 33, 41).to(dtype))
        .with("labels.0.class_labels", Tensor.of(new long[] {1, 0}))
        .with(
            "labels.0.boxes",
            Tensor.of(new float[] {0.3f, 0.4f, 0.2f, 0.3f, 0.7f, 0.6f, 0.4f, 0.5f}, 2, 4))
        .with("labels.1.class_labels", Tensor.of(new long[0]))
        .with("labels.1.boxes", Tensor.of(new float[0], 0, 4));
  }

  private static double part(ModelOutput output, String name) {
    return output.require("loss_dict." + name).item();
  }

  private static double whole(ModelOutput output, String end) {
    return part(output, "loss_ce" + end)
        + 5 * part(output, "loss_bbox" + end)
        + 2 * part(output, "loss_giou" + end);
  }

  @Test
  void each_layer_of_the_decoder_counts_where_asked_for() {
    try (TensorScope scope = TensorScope.inference();
        Model plain = model(detr(), DType.F32);
        Model all = model(detr().put("auxiliary_loss", true), DType.F32)) {
      ModelOutput one = plain.apply(labelled(DType.F32));
      assertThat(one.values()).doesNotContainKey("loss_dict.loss_ce_0");
      assertThat(one.loss().item()).isCloseTo(whole(one, ""), within(1e-4));
      ModelOutput three = all.apply(labelled(DType.F32));
      assertThat(three.values())
          .containsKeys("loss_dict.loss_ce_1", "loss_dict.cardinality_error_0")
          .doesNotContainKey("loss_dict.loss_ce_2");
      assertThat(three.loss().item())
          .isCloseTo(whole(three, "") + whole(three, "_0") + whole(three, "_1"), within(1e-4));
      assertThat(three.logits().shape()).isEqualTo(one.logits().shape());
    }
  }

  @Test
  void half_precision_loses_no_places() {
    try (TensorScope scope = TensorScope.inference();
        Model model = model(detr(), DType.BF16)) {
      assertThat(model.apply(labelled(DType.BF16)).loss().dtype()).isEqualTo(DType.F32);
    }
  }

  @Test
  void yolos_has_no_earlier_objects() {
    ObjectNode config =
        (ObjectNode)
            JsonMapper.shared()
                .readTree(
                    """
                    {"architectures": ["YolosForObjectDetection"], "model_type": "yolos",
                     "hidden_size": 12, "num_hidden_layers": 1, "num_attention_heads": 3,
                     "intermediate_size": 17, "image_size": [16, 16], "patch_size": 4,
                     "num_detection_tokens": 3, "auxiliary_loss": true}
                    """);
    assertThatThrownBy(() -> model(config, DType.F32))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("auxiliary_loss");
  }
}
