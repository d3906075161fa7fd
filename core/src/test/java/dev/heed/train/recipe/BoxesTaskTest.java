package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.model.ModelFiles;
import dev.heed.task.ObjectDetector;
import dev.heed.train.recipe.Recipe.Course;
import dev.heed.train.recipe.Recipe.Precision;
import dev.heed.train.recipe.Recipe.Rule;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class BoxesTaskTest {
  private static final int SIDE = 6;

  @TempDir Path folder;

  /** Grey squares of class 1, dark ones of class 4 with a bright edge. */
  private Path idx(int count) throws IOException {
    Path images = folder.resolve("a-images-idx3-ubyte");
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(images));
        DataOutputStream labels =
            new DataOutputStream(Files.newOutputStream(folder.resolve("a-labels-idx1-ubyte")))) {
      for (int number : new int[] {2051, count, SIDE, SIDE}) {
        out.writeInt(number);
      }
      labels.writeInt(2049);
      labels.writeInt(count);
      for (int i = 0; i < count; i++) {
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
          out.writeByte(i % 2 == 0 ? 255 : pixel < SIDE ? 255 : 70);
        }
        labels.writeByte(i % 2 == 0 ? 1 : 4);
      }
    }
    return images;
  }

  private Recipe recipe(Path train, Canvas canvas, String more) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"architectures": ["YolosForObjectDetection"], "model_type": "yolos", "hidden_size": 24,
         "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 37,
         "image_size": [16, 16], "patch_size": 4, "num_detection_tokens": 3}
        """);
    Files.writeString(
        model.resolve("preprocessor_config.json"),
        """
        {"image_processor_type": "ViTImageProcessor", "do_resize": false, "do_rescale": true,
         "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]%s}
        """
            .formatted(more));
    Recipe.Data data =
        new Recipe.Data(
            train.toString(),
            "",
            0,
            0.15,
            6,
            List.of(),
            "",
            "",
            Map.of(),
            Augmentation.NONE,
            canvas,
            0,
            0);
    Recipe.Learning how =
        new Recipe.Learning(
            1,
            60,
            16,
            16,
            1,
            Rule.ADAMW,
            0.005,
            0,
            Course.LINEAR,
            0.1,
            1,
            0,
            3,
            Precision.F32,
            false);
    return Recipe.of(model.toString(), Recipe.Task.BOXES, train.toString(), "")
        .with(data)
        .with(how)
        .with(new Recipe.Watching(30, 0, 2));
  }

  @Test
  void objects_are_found_where_they_were_laid() throws IOException {
    Path train = idx(30);
    Canvas canvas = new Canvas(16, 1, 1.5, 1.5);
    RecipeResult result = new RecipeRun(recipe(train, canvas, ""), folder.resolve("out")).run();
    assertThat(result.metric()).isEqualTo("mAP");
    assertThat(result.examples()).isEqualTo(24);
    assertThat(result.beside())
        .containsOnlyKeys("at an overlap of 0.5 alone", "at an overlap of 0.75 alone");
    double half = result.beside().getOrDefault("at an overlap of 0.5 alone", 0.0);
    assertThat(half).isGreaterThan(0.3).isGreaterThanOrEqualTo(result.score());
    try (ObjectDetector detector = ObjectDetector.open(ModelFiles.folder(result.folder()), null)) {
      assertThat(detector.labels()).containsExactly("1", "4");
    }
  }

  @Test
  void what_cannot_be_laid_or_seen_whole_is_refused() throws IOException {
    Path train = idx(12);
    assertThatThrownBy(
            () -> new RecipeRun(recipe(train, Canvas.NONE, ""), folder.resolve("out")).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("canvas: expected a side above 0");
    String cropped = ", \"do_center_crop\": true, \"crop_size\": {\"height\": 12, \"width\": 12}";
    Canvas canvas = new Canvas(16, 2, 1, 1);
    assertThatThrownBy(
            () -> new RecipeRun(recipe(train, canvas, cropped), folder.resolve("out")).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do_center_crop");
  }
}
