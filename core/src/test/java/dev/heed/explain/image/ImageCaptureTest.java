package dev.heed.explain.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.position.Grid;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.vision.ImageProcessor;
import dev.heed.vision.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Attention over patches is read from any family that sees images. */
@Tag("integration")
class ImageCaptureTest {
  private static final String VIT =
      """
      {"model_type": "vit", "architectures": ["ViTForImageClassification"], "hidden_size": 8,
       "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 8, "image_size": 12,
       "patch_size": 4}\
      """;
  private static final String SWIN =
      """
      {"model_type": "swin", "architectures": ["SwinModel"], "embed_dim": 6, "depths": [2, 1],
       "num_heads": [2, 3], "window_size": 3, "image_size": 14, "patch_size": 2, "mlp_ratio": 2.0}\
      """;
  private static final String SEGFORMER =
      """
      {"model_type": "segformer", "architectures": ["SegformerModel"], "num_encoder_blocks": 2,
       "depths": [1, 1], "sr_ratios": [2, 1], "hidden_sizes": [6, 10], "patch_sizes": [3, 3],
       "strides": [2, 2], "num_attention_heads": [2, 5], "mlp_ratios": [2, 2], "image_size": 16}\
      """;
  private static final String YOLOS =
      """
      {"model_type": "yolos", "architectures": ["YolosModel"], "hidden_size": 8,
       "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 8,
       "image_size": [8, 12], "patch_size": 4, "num_detection_tokens": 5}\
      """;
  private static final String CLIP =
      """
      {"model_type": "clip", "architectures": ["CLIPModel"], "projection_dim": 6,
       "text_config": {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1,
        "num_attention_heads": 2, "vocab_size": 11, "max_position_embeddings": 5},
       "vision_config": {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 2, "image_size": 12, "patch_size": 4}}\
      """;
  private static final String CONVNEXT =
      """
      {"model_type": "convnext", "architectures": ["ConvNextModel"], "num_stages": 2,
       "hidden_sizes": [4, 6], "depths": [1, 1], "image_size": 16}\
      """;
  private static final String BERT =
      """
      {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 11, "hidden_size": 8,
       "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8,
       "max_position_embeddings": 8}\
      """;

  @TempDir private Path folder;

  private ModelFiles files(String config) throws Exception {
    Files.writeString(folder.resolve("config.json"), config);
    ModelConfig keys = new ModelConfig("test", JsonMapper.shared().readTree(config));
    try (Generator generator = new Generator(3);
        Model model =
            ModelFamilies.of(keys)
                .builder()
                .build(Weights.initialise(generator, DType.F32), keys)) {
      SafetensorsWriter.write(folder.resolve("model.safetensors"), model.parameters(), Map.of());
    }
    return ModelFiles.folder(folder);
  }

  private static RgbImage image() {
    byte[] pixels = new byte[3 * 30 * 40];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31 + i / 97 * 17);
    }
    return new RgbImage(30, 40, pixels);
  }

  private static void sumsToOne(ImageAttention seen) {
    for (int head = 0; head < seen.heads(); head++) {
      for (int query = 0; query < seen.weights()[head].length; query++) {
        float sum = 0;
        for (float weight : seen.row(head, query)) {
          sum += weight;
        }
        assertThat(sum).isCloseTo(1f, within(1e-5f));
      }
    }
  }

  @Test
  void gives_the_weights_of_the_model() throws Exception {
    ModelFiles files = files(VIT);
    ImageAttention seen;
    try (ImageCapture capture = ImageCapture.open(files)) {
      seen = capture.read(image(), 0);
    }
    assertThat(seen.note()).contains("no preprocessor_config.json").contains("12 by 12");
    assertThat(seen.image().height()).isEqualTo(12);
    assertThat(seen.before()).isEqualTo(1);
    assertThat(seen.layers()).hasSize(2);
    sumsToOne(seen);
    ImageProcessor processor =
        ImageProcessor.of(
            "test",
            JsonMapper.shared()
                .readTree(
                    """
                    {"image_processor_type": "ViTImageProcessor", "size": {"height": 12, "width": 12}}
                    """));
    try (TensorScope scope = TensorScope.inference();
        Model model = Model.load(folder)) {
      Tensor pixels = processor.process(List.of(image())).pixelValues();
      float[] weights =
          model
              .apply(ModelInput.of("pixel_values", pixels), Trace.NONE, Wanted.ALL)
              .require("attentions.0")
              .toFloatArray();
      assertThat(seen.row(1, 4)).containsExactly(java.util.Arrays.copyOfRange(weights, 140, 150));
    }
  }

  @Test
  void follows_the_preprocessor_of_the_folder() throws Exception {
    ModelFiles files = files(VIT);
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        """
        {"image_processor_type": "ViTImageProcessor", "size": {"height": 12, "width": 12},
         "do_normalize": false}
        """);
    try (ImageCapture capture = ImageCapture.open(files)) {
      assertThat(capture.read(image(), null).note()).isNull();
    }
  }

  @Test
  void windows_are_shown_over_the_whole_image() throws Exception {
    try (ImageCapture capture = ImageCapture.open(files(SWIN))) {
      ImageAttention plain = capture.read(image(), 0);
      assertThat(plain.layers()).hasSize(3);
      assertThat(plain.places().queries()).isEqualTo(new Grid(7, 7));
      assertThat(plain.before()).isZero();
      // The first window of three by three, and nothing beyond.
      ImageFocus corner = ImageFocus.at(plain, 0, 0, 0);
      assertThat(corner.share()).isCloseTo(1, within(1e-5));
      assertThat(corner.places()[2 * 7 + 2]).isPositive();
      assertThat(corner.places()[3]).isZero();
      // The last row of windows has one row of the image and two of filling.
      ImageFocus edge = ImageFocus.at(plain, ImageAttention.MEAN, 6, 0);
      assertThat(edge.share()).isBetween(0.1, 0.9);
      assertThat(edge.explanation()).contains("what fills the windows at the edges");
      // Shifted by one, the corner's window is the first row and column alone.
      ImageFocus shifted = ImageFocus.at(capture.read(image(), 1), 0, 1, 1);
      assertThat(shifted.places()[0]).isZero();
      assertThat(shifted.places()[3 * 7 + 3]).isPositive();
      assertThat(ImageFocus.of(plain, 0).name()).isEqualTo("the patch in row 3, column 3");
    }
  }

  @Test
  void keys_may_be_a_coarser_image() throws Exception {
    try (ImageCapture capture = ImageCapture.open(files(SEGFORMER))) {
      ImageAttention seen = capture.read(image(), 0);
      assertThat(seen.places().queries()).isEqualTo(new Grid(8, 8));
      assertThat(seen.places().keys()).isEqualTo(new Grid(4, 4));
      sumsToOne(seen);
      ImageFocus.Place place = ImageFocus.at(seen, 0, 7, 7).strongest(16).getLast();
      assertThat(place.bottom() - place.top()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {YOLOS, CLIP})
  void other_tokens_stand_around_the_patches(String config) throws Exception {
    try (ImageCapture capture = ImageCapture.open(files(config))) {
      ImageAttention seen = capture.read(image(), null);
      assertThat(seen.layers()).hasSize(2);
      assertThat(seen.before()).isEqualTo(1);
      sumsToOne(seen);
      ImageFocus focus = ImageFocus.of(seen, ImageAttention.MEAN);
      assertThat(focus.name()).isEqualTo("the class token");
      assertThat(focus.share() + focus.elsewhere()).isCloseTo(1, within(1e-5));
      boolean detects = config.equals(YOLOS);
      assertThat(seen.places().behind()).isEqualTo(detects ? 5 : 0);
      if (detects) {
        assertThat(new ImageFocus(seen, 0, 7).name()).isEqualTo("token 7, which is no patch");
      }
    }
  }

  @Test
  void refuses_by_name() throws Exception {
    try (ImageCapture capture = ImageCapture.open(files(CONVNEXT))) {
      assertThatThrownBy(() -> capture.read(image(), null))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("this model has no attention");
    }
    try (ImageCapture capture = ImageCapture.open(files(BERT))) {
      assertThatThrownBy(() -> capture.read(image(), null))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("a model that sees images");
    }
    try (ImageCapture capture = ImageCapture.open(files(VIT))) {
      assertThatThrownBy(() -> capture.read(image(), 2))
          .hasMessageContaining("layer: expected a number from 0 to 1, got 2");
      ImageAttention seen = capture.read(image(), null);
      assertThatThrownBy(() -> ImageFocus.at(seen, 0, 3, 0))
          .hasMessageContaining("expected a row below 3 and a column below 3");
      assertThatThrownBy(() -> new ImageFocus(seen, 2, 0))
          .hasMessageContaining("head: expected a number from 0 to 1, got 2");
    }
  }
}
