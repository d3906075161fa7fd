package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.task.Classification.Label;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import dev.heed.vision.ImageProcessor;
import dev.heed.vision.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Images and texts, against values by hand from logits of each pair by itself. */
@Tag("integration")
class ImageTextMatcherTest {
  private static final List<String> TEXTS = List.of("the cat", "a", "the the cat a cat");

  @TempDir Path folder;

  /** One text and one image, without padding but SigLIP's. */
  private double logit(String name, RgbImage image, String text, int side) {
    ImageProcessor processor =
        ImageProcessor.of(
            "front",
            new JsonMapper()
                .readTree(
                    "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"height\": "
                        + side
                        + ", \"width\": "
                        + side
                        + "}}"));
    try (TensorScope scope = TensorScope.inference();
        Model model = Model.load(folder, DType.F32)) {
      Tokenizer tokenizer = ModelFiles.folder(folder).tokenizerBeside().get();
      long[] ids = tokenizer.encode(text, null, true).ids();
      if (name.equals("siglip")) {
        int length = ids.length;
        ids = Arrays.copyOf(ids, 16);
        Arrays.fill(ids, length, 16, 1);
      }
      var output =
          model.apply(
              ModelInput.of("pixel_values", processor.process(List.of(image)).pixelValues())
                  .with("input_ids", Tensor.of(ids, 1, ids.length)));
      if (!name.equals("blip-itm")) {
        return output.require("logits_per_text").to(DType.F64).contiguous().toDoubleArray()[0];
      }
      double[] both = output.require("itm_score").to(DType.F64).contiguous().toDoubleArray();
      return both[1] - both[0];
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "siglip", "blip-itm"})
  void probabilities_are_those_of_the_logits(String name) throws IOException {
    TinyCheckpoint.write(folder, name, "bert", Map.of());
    int side = name.equals("clip") ? 24 : 20;
    List<RgbImage> images =
        List.of(ImageClassifierTest.image(1, 30, 41), ImageClassifierTest.image(2, 9, 20));
    double[][] odds = new double[2][3];
    for (int image = 0; image < 2; image++) {
      for (int text = 0; text < 3; text++) {
        odds[image][text] = Math.exp(logit(name, images.get(image), TEXTS.get(text), side));
      }
    }
    try (ImageTextMatcher matcher = ImageTextMatcher.open(folder)) {
      assertThat(matcher.judgesEach()).isEqualTo(!name.equals("clip"));
      List<Classification> overTexts = matcher.overTexts(images, TEXTS);
      List<double[]> overImages = matcher.overImages(images, TEXTS);
      for (int image = 0; image < 2; image++) {
        for (Label label : overTexts.get(image).labels()) {
          int text = TEXTS.indexOf(label.name());
          double own = odds[image][text];
          boolean each = matcher.judgesEach();
          double texts = each ? 1 + own : Arrays.stream(odds[image]).sum();
          double others = each ? 1 + own : odds[0][text] + odds[1][text];
          assertThat(label.score()).isCloseTo(own / texts, within(1e-4));
          assertThat(overImages.get(text)[image]).isCloseTo(own / others, within(1e-4));
        }
      }
      assertThat(matcher.explain(images.getFirst(), TEXTS).parts()).hasSize(1);
      assertThatThrownBy(() -> matcher.overTexts(images, List.of()))
          .hasMessageContaining("texts: expected at least one");
    }
  }

  @Test
  void a_model_of_images_alone_is_refused_by_name() throws IOException {
    TinyCheckpoint.write(folder, "vit", "bert", Map.of());
    assertThatThrownBy(() -> ImageTextMatcher.open(folder))
        .hasMessageContaining("expected for match a model")
        .hasMessageContaining("This one fits: see");
  }
}
