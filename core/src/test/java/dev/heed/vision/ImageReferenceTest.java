package dev.heed.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every recorded image processor: grey levels to the last, values to rounding. */
@Tag("integration")
class ImageReferenceTest {
  private static final Tolerance ROUNDING = new Tolerance(1e-6, 1e-6);

  @TestFactory
  Stream<DynamicTest> equals_its_recording() {
    return GoldenFolder.list(GoldenFolder.area("features")).stream()
        .filter(folder -> folder.getFileName().toString().endsWith("-image"))
        .map(folder ->
            DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
  }

  private static void check(Path folder) {
    ImageProcessor processor = ImageProcessor.read(folder.resolve("preprocessor_config.json"));
    Path golden = folder.resolve("golden.safetensors");
    assertThat(Files.isRegularFile(golden)).isTrue();
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file = SafetensorsFile.open(golden)) {
      List<String> unread = new ArrayList<>(file.names());
      List<RgbImage> images = new ArrayList<>();
      for (int i = 0; unread.remove("input.image." + i); i++) {
        images.add(Pixels.image(file.read("input.image." + i)));
      }
      assertThat(images).isNotEmpty();
      for (int i = 0; i < images.size(); i++) {
        if (unread.remove("output.resized." + i)) {
          assertLevels(processor.resized(images.get(i)), file.read("output.resized." + i));
        }
        if (unread.remove("output.cropped." + i)) {
          assertLevels(processor.prepare(images.get(i)), file.read("output.cropped." + i));
        }
        if (unread.remove("output.pixel_values." + i)) {
          Tensor values = processor.process(List.of(images.get(i))).pixelValues();
          TensorAssert.assertClose(
              "image " + i, values.squeeze(0), file.read("output.pixel_values." + i), ROUNDING);
        }
      }
      if (unread.remove("output.pixel_values")) {
        ImageBatch batch = processor.process(images);
        TensorAssert.assertClose(
            "batch", batch.pixelValues(), file.read("output.pixel_values"), ROUNDING);
        if (unread.remove("output.pixel_mask")) {
          TensorAssert.assertEqual(batch.pixelMask(), file.read("output.pixel_mask"));
        }
      }
      if (unread.contains("input.logits")) {
        detections(file, images.size(), unread);
      }
      assertThat(unread).as("recorded and not compared").isEmpty();
    }
  }

  private static void detections(SafetensorsFile file, int images, List<String> unread) {
    unread.removeAll(List.of("input.logits", "input.pred_boxes", "input.target_sizes"));
    long[] sizes = file.read("input.target_sizes").toLongArray();
    int[] heights = new int[images];
    int[] widths = new int[images];
    for (int i = 0; i < images; i++) {
      heights[i] = (int) sizes[2 * i];
      widths[i] = (int) sizes[2 * i + 1];
    }
    List<List<DetectedObject>> found =
        DetectedObject.of(
            file.read("input.logits"), file.read("input.pred_boxes"), heights, widths, 0.4);
    for (int i = 0; i < images; i++) {
      String name = "output.detections." + i + ".";
      unread.removeAll(List.of(name + "scores", name + "labels", name + "boxes"));
      List<DetectedObject> objects = found.get(i);
      assertThat(objects.stream().map(o -> (long) o.label()).toList())
          .isEqualTo(
              java.util.Arrays.stream(file.read(name + "labels").toLongArray()).boxed().toList());
      float[] scores = file.read(name + "scores").toFloatArray();
      float[] boxes = file.read(name + "boxes").toFloatArray();
      for (int j = 0; j < objects.size(); j++) {
        DetectedObject o = objects.get(j);
        assertThat(o.score()).isCloseTo(scores[j], org.assertj.core.data.Offset.offset(1e-6f));
        float[] box = {o.left(), o.top(), o.right(), o.bottom()};
        for (int k = 0; k < 4; k++) {
          assertThat(box[k])
              .isCloseTo(boxes[4 * j + k], org.assertj.core.data.Offset.offset(1e-4f));
        }
      }
    }
  }

  /** Recorded as {@code [3, H, W]}. */
  private static void assertLevels(RgbImage image, Tensor expected) {
    TensorAssert.assertEqual(
        Pixels.tensor(image).to(DType.I64).transpose(1, 2).transpose(0, 1), expected.to(DType.I64));
  }
}
