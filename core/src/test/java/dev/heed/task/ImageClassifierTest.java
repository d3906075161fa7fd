package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.explain.Evidence.Overlaid;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.task.Classification.Label;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.vision.DetectedObject;
import dev.heed.vision.ImageProcessor;
import dev.heed.vision.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Classes and boxes of images, against values by hand from the model's logits. */
@Tag("integration")
class ImageClassifierTest {
  private static final Path MODELS = Path.of("src", "test", "resources", "golden", "models");
  private static final String FRONT =
      """
      {"image_processor_type": "ViTImageProcessor", "size": {"height": 32, "width": 32},
       "image_mean": [0.4, 0.5, 0.6], "image_std": [0.2, 0.3, 0.25]}\
      """;
  private static final String LONGEST =
      """
      {"image_processor_type": "DetrImageProcessor",
       "size": {"shortest_edge": 40, "longest_edge": 64},
       "image_mean": [0.4, 0.5, 0.6], "image_std": [0.2, 0.3, 0.25]}\
      """;

  @TempDir Path folder;

  private Path model(String name, String front, Map<String, String> changes) throws IOException {
    JsonMapper json = new JsonMapper();
    Path from = MODELS.resolve(name);
    ObjectNode config = (ObjectNode) json.readTree(Files.readString(from.resolve("config.json")));
    changes.forEach((key, value) -> config.set(key, json.readTree(value)));
    Path to = Files.createDirectories(folder.resolve(name + changes.size()));
    Files.writeString(to.resolve("config.json"), config.toString());
    Files.writeString(to.resolve("preprocessor_config.json"), front);
    Files.copy(from.resolve("model.safetensors"), to.resolve("model.safetensors"));
    return to;
  }

  static RgbImage image(int seed, int height, int width) {
    byte[] pixels = new byte[3 * height * width];
    new Random(seed).nextBytes(pixels);
    return new RgbImage(height, width, pixels);
  }

  private static void run(Path model, String front, RgbImage image, Consumer<ModelOutput> reader) {
    ImageProcessor processor = ImageProcessor.of("front", new JsonMapper().readTree(front));
    try (TensorScope scope = TensorScope.inference();
        Model loaded = Model.load(model, DType.F32)) {
      reader.accept(
          loaded.apply(
              ModelInput.of("pixel_values", processor.process(List.of(image)).pixelValues())));
    }
  }

  private static double[] flat(Tensor values) {
    return values.to(DType.F64).contiguous().toDoubleArray();
  }

  @Test
  void classes_are_the_softmax_of_the_logits_by_name() throws IOException {
    Path vit = model("vit", FRONT, Map.of());
    List<RgbImage> images = List.of(image(1, 40, 31), image(2, 7, 90), image(3, 32, 32));
    List<Classification> seen;
    try (ImageClassifier classifier = ImageClassifier.open(vit)) {
      assertThat(classifier.labels()).containsExactly("cat", "dog", "bird");
      assertThat(classifier.note()).isNull();
      seen = classifier.classify(images);
    }
    for (int i = 0; i < images.size(); i++) {
      Classification got = seen.get(i);
      run(
          vit,
          FRONT,
          images.get(i),
          output -> {
            double[] logits = flat(output.logits());
            double sum = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
            List<String> names = List.of("cat", "dog", "bird");
            for (Label label : got.labels()) {
              assertThat(label.score())
                  .isCloseTo(Math.exp(logits[names.indexOf(label.name())]) / sum, within(1e-5));
            }
          });
      assertThat(got.labels()).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
      assertThat(got.chosen()).containsExactly(got.best().name());
    }
  }

  @Test
  void of_several_labels_each_is_a_sigmoid_of_its_own() throws IOException {
    Path vit = model("vit", FRONT, Map.of("problem_type", "\"multi_label_classification\""));
    RgbImage image = image(4, 20, 20);
    try (ImageClassifier classifier = ImageClassifier.open(vit)) {
      Classification seen = classifier.classify(image);
      run(
          vit,
          FRONT,
          image,
          output -> {
            double[] logits = flat(output.logits());
            for (Label label : seen.labels()) {
              double logit = logits[List.of("cat", "dog", "bird").indexOf(label.name())];
              assertThat(label.score()).isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-5));
              assertThat(seen.chosen().contains(label.name())).isEqualTo(logit > 0);
            }
          });
    }
  }

  @Test
  void what_the_class_token_attends_to_is_shown_over_the_image() throws IOException {
    try (ImageClassifier classifier = ImageClassifier.open(model("vit", FRONT, Map.of()))) {
      RgbImage image = image(5, 50, 40);
      var evidence = classifier.explain(image);
      assertThat(evidence.title()).startsWith(classifier.classify(image).best().name() + " 0.");
      Overlaid seen = (Overlaid) evidence.parts().getFirst();
      assertThat(seen.heading()).contains("what the class token attends to");
      assertThat(seen.weights()).hasSize(16);
      assertThat(seen.image().height()).isEqualTo(32);
      assertThat(seen.largest()).isBetween(1f / 17, 1f);
    }
  }

  /** In pixels of the image as it was given, whatever the model saw. */
  @Test
  void boxes_have_the_images_own_pixels() throws IOException {
    Path detr = model("detr", LONGEST, Map.of());
    RgbImage image = image(6, 45, 57);
    List<FoundObject> found;
    try (ObjectDetector detector = ObjectDetector.open(detr)) {
      found = detector.detect(image, 0.3);
      assertThat(detector.detect(image, 1)).isEmpty();
      assertThat(detector.detect(List.of(image(7, 20, 33), image), 0.3).get(1)).isEqualTo(found);
    }
    run(
        detr,
        LONGEST,
        image,
        output -> {
          double[] logits = flat(output.logits());
          double[] boxes = flat(output.require("pred_boxes"));
          List<DetectedObject> expected = new ArrayList<>();
          for (int query = 0; query < boxes.length / 4; query++) {
            double sum = 0;
            int best = 0;
            for (int label = 0; label < 5; label++) {
              sum += Math.exp(logits[5 * query + label]);
              best =
                  label < 4 && logits[5 * query + label] > logits[5 * query + best] ? label : best;
            }
            double score = Math.exp(logits[5 * query + best]) / sum;
            if (score > 0.3) {
              double x = boxes[4 * query];
              double y = boxes[4 * query + 1];
              double width = boxes[4 * query + 2];
              double height = boxes[4 * query + 3];
              expected.add(
                  new DetectedObject(
                      (float) score,
                      best,
                      (float) ((x - width / 2) * 57),
                      (float) ((y - height / 2) * 45),
                      (float) ((x + width / 2) * 57),
                      (float) ((y + height / 2) * 45)));
            }
          }
          expected.sort((a, b) -> Float.compare(b.score(), a.score()));
          assertThat(found).hasSameSizeAs(expected).isNotEmpty();
          for (int i = 0; i < found.size(); i++) {
            DetectedObject box = found.get(i).box();
            assertThat(found.get(i).name()).isEqualTo("LABEL_" + box.label());
            assertThat(box.label()).isEqualTo(expected.get(i).label());
            assertThat(box.score()).isCloseTo(expected.get(i).score(), within(1e-4f));
            assertThat(box.left()).isCloseTo(expected.get(i).left(), within(0.01f));
            assertThat(box.top()).isCloseTo(expected.get(i).top(), within(0.01f));
            assertThat(box.right()).isCloseTo(expected.get(i).right(), within(0.01f));
            assertThat(box.bottom()).isCloseTo(expected.get(i).bottom(), within(0.01f));
          }
        });
  }

  @Test
  void models_of_another_kind_are_refused_by_name() throws IOException {
    Path detr = model("detr", LONGEST, Map.of());
    Path vit = model("vit", FRONT, Map.of());
    assertThatThrownBy(() -> ImageClassifier.open(detr))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("Open it with ObjectDetector");
    assertThatThrownBy(() -> ObjectDetector.open(vit))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("ViTForImageClassification");
    assertThatThrownBy(() -> Classifier.open(vit))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("This one fits: see");
    assertThatThrownBy(() -> ImageClassifier.open(MODELS.resolve("segformer")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("SegformerForSemanticSegmentation");
  }
}
