package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.ImageClassifier;
import dev.heed.vision.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class ImagesTaskTest {
  private static final int HEIGHT = 8;
  private static final int WIDTH = 7;

  @TempDir Path folder;

  /** Grey noise; of class 3 the upper half is bright, of class 8 the lower one. */
  private static byte[] grey(int label, Random random) {
    byte[] grey = new byte[HEIGHT * WIDTH];
    for (int i = 0; i < grey.length; i++) {
      boolean upper = i < grey.length / 2;
      grey[i] = (byte) (random.nextInt(90) + (upper == (label == 3) ? 150 : 0));
    }
    return grey;
  }

  private Path idx(int images, int labels) throws IOException {
    Random random = new Random(7);
    ByteArrayOutputStream pictures = new ByteArrayOutputStream();
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(pictures);
        DataOutputStream named = new DataOutputStream(new GZIPOutputStream(names))) {
      for (int number : new int[] {2051, images, HEIGHT, WIDTH}) {
        out.writeInt(number);
      }
      named.writeInt(2049);
      named.writeInt(labels);
      for (int i = 0; i < images; i++) {
        out.write(grey(i % 2 == 0 ? 3 : 8, random));
      }
      for (int i = 0; i < labels; i++) {
        named.writeByte(i % 2 == 0 ? 3 : 8);
      }
    }
    Files.write(folder.resolve("a-labels-idx1-ubyte.gz"), names.toByteArray());
    Path file = folder.resolve("a-images-idx3-ubyte.gz");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(pictures.toByteArray());
    }
    return Files.write(file, packed.toByteArray());
  }

  private Recipe recipe(Path train, int heldOut) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"architectures": ["SegformerForImageClassification"], "model_type": "segformer",
         "num_encoder_blocks": 2, "depths": [1, 1], "sr_ratios": [2, 1], "hidden_sizes": [6, 10],
         "patch_sizes": [3, 3], "strides": [2, 2], "num_attention_heads": [1, 2],
         "mlp_ratios": [2, 2]}
        """);
    Files.writeString(
        model.resolve("preprocessor_config.json"),
        """
        {"image_processor_type": "ViTImageProcessor", "do_resize": false, "do_rescale": true,
         "rescale_factor": 0.00392156862745098, "do_normalize": true,
         "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
        """);
    Recipe usual = Recipe.of(model.toString(), Recipe.Task.IMAGES, train.toString(), "");
    Recipe.Learning how =
        new Recipe.Learning(
            1,
            30,
            64,
            8,
            1,
            Recipe.Rule.ADAMW,
            0.01,
            0,
            Recipe.Course.LINEAR,
            0.1,
            1,
            0,
            3,
            Recipe.Precision.F32,
            false);
    return usual
        .with(
            new Recipe.Data(
                train.toString(),
                "",
                0,
                0.15,
                heldOut,
                List.of(),
                "",
                "",
                Map.of(),
                Augmentation.NONE,
                Canvas.NONE,
                0,
                0))
        .with(how);
  }

  @Test
  void images_are_learned_from_nothing_and_scored_on_those_held_out() throws IOException {
    Recipe recipe = recipe(idx(41, 41), 11).with(new Recipe.Watching(10, 0, 2));
    RecipeResult result = new RecipeRun(recipe, folder.resolve("out")).run();
    assertThat(result.examples()).isEqualTo(30);
    assertThat(result.metric()).isEqualTo("accuracy");
    assertThat(result.score()).isEqualTo(1);
    assertThat(result.best()).hasSize(2);
    try (ImageClassifier classifier =
        ImageClassifier.open(ModelFiles.folder(result.folder()), null)) {
      byte[] pixels = new byte[3 * HEIGHT * WIDTH];
      Arrays.fill(pixels, 0, pixels.length / 2, (byte) 200);
      Classification seen = classifier.classify(new RgbImage(HEIGHT, WIDTH, pixels));
      assertThat(seen.best().name()).isEqualTo("3");
    }
  }

  @Test
  void files_that_are_not_as_they_begin_are_refused() throws IOException {
    Path train = idx(6, 4);
    assertThatThrownBy(() -> new RecipeRun(recipe(train, 2), folder.resolve("out")).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("as many images as")
        .hasMessageContaining("got 6");
    Path whole = idx(6, 6);
    assertThatThrownBy(() -> new RecipeRun(recipe(whole, 6), folder.resolve("out")).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("held_out: expected fewer than 6 examples, got 6");
    Path plain = folder.resolve("b-images-idx3-ubyte");
    Files.write(plain, new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 9});
    Files.write(folder.resolve("b-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 5});
    assertThatThrownBy(() -> new RecipeRun(recipe(plain, 0), folder.resolve("out")).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected more bytes, got its end");
  }
}
