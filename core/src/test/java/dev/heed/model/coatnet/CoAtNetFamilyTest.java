package dev.heed.model.coatnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.position.Grid;
import dev.heed.attention.position.TokenGrids;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.Overfit;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.ModelStart;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Tag("unit")
class CoAtNetFamilyTest {
  private final Generator random = new Generator(19);

  @AfterEach
  void close() {
    random.close();
  }

  private static ObjectNode config() {
    return (ObjectNode)
        JsonMapper.shared()
            .readTree(
                """
                {"architectures": ["CoAtNetForImageClassification"], "model_type": "coatnet",
                 "image_size": 64, "num_channels": 1, "num_blocks": [1, 1, 1, 1, 1],
                 "hidden_sizes": [5, 6, 7, 8, 10], "num_attention_heads": 2, "head_size": 3,
                 "id2label": {"0": "a", "1": "b", "2": "c"}}
                """);
  }

  private Model model(ObjectNode config) {
    return ModelStart.fromNothing("a test", config, DType.F32, random).model();
  }

  @Test
  void learns_classes_of_its_config() {
    try (TensorScope scope = TensorScope.open();
        Model model = model(config())) {
      ModelInput input =
          ModelInput.of("pixel_values", Tensor.randn(random, 3, 1, 64, 64))
              .with("labels", Tensor.of(new long[] {2, 0, 1}));
      assertThat(model.apply(input).logits().shape()).isEqualTo(Shape.of(3, 3));
      assertThat(Overfit.loss(List.of(model), () -> model.apply(input).loss(), 60, 0.02))
          .isLessThan(0.2);
    }
  }

  @Test
  void says_which_places_attend_to_which() {
    try (TensorScope scope = TensorScope.inference();
        Model model = model(config());
        Trace trace =
            Trace.record(point -> point.endsWith(".grid") || point.endsWith(".pattern"))) {
      ModelOutput output =
          model.apply(ModelInput.of("pixel_values", Tensor.randn(random, 2, 1, 64, 64)), trace);
      assertThat(output.logits().shape()).isEqualTo(Shape.of(2, 3));
      Grid places = new Grid(4, 4);
      assertThat(TokenGrids.of(trace.value("s3.0.attn.1.fn.grid")))
          .isEqualTo(new TokenGrids(places, places, 0));
      assertThat(trace.value("s3.0.attn.1.fn.pattern").shape()).isEqualTo(Shape.of(2, 2, 16, 16));
    }
  }

  @Test
  void refuses_other_images_and_blocks_by_name() {
    try (TensorScope scope = TensorScope.open();
        Model model = model(config())) {
      ModelInput other = ModelInput.of("pixel_values", Tensor.randn(random, 1, 1, 96, 96));
      assertThatThrownBy(() -> model.apply(other))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("16");
    }
    ObjectNode blocks = config();
    blocks.putArray("block_types").add("C").add("C").add("T").add("T");
    assertThatThrownBy(() -> model(blocks))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("block_types");
    assertThatThrownBy(() -> model(config().put("image_size", 28)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("multiple of 32");
  }
}
