package dev.heed.verify;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundBatch;
import dev.heed.audio.SoundProcessor;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.ConfigFile;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.verify.Verification.Outcome;
import dev.heed.verify.Verification.Row;
import dev.heed.vision.DetectedObject;
import dev.heed.vision.ImageBatch;
import dev.heed.vision.ImageProcessor;
import dev.heed.vision.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares what is made of images and sounds with a recorded reference: a folder with a {@code
 * preprocessor_config.json} and a {@code golden.safetensors} of inputs and results.
 *
 * @param folder the folder
 */
public record FeatureVerification(Path folder) {
  private static final String CONFIG = "preprocessor_config.json";
  private static final String RECORDING = "golden.safetensors";

  /** Grey levels of a resize in fixed point are the reference's, or a neighbour. */
  private static final double LEVEL = 1;

  /** The same after division by 255 and by the smallest usual deviation. */
  private static final double PIXEL = 1 / 255.0 / 0.224;

  private static final double LOG_MEL = 1e-4;
  private static final double NORMALISED = 1e-5;
  private static final double FILTER = 1e-6;
  private static final double SCORE = 1e-5;
  private static final double BOX = 1e-3;
  private static final String UNMASKED = "output.input_values_nomask";

  /** Whether there is such a recording. */
  public static boolean isRecording(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG))
        && Files.isRegularFile(folder.resolve(RECORDING))
        && !Files.isRegularFile(folder.resolve("config.json"));
  }

  /**
   * Compares everything.
   *
   * @throws CheckpointException for missing or invalid files, and for a processor that Heed does
   *     not have
   */
  public Outcome run() {
    Path file = folder.resolve(CONFIG);
    JsonNode config = ConfigFile.json(file);
    try (TensorScope scope = TensorScope.inference();
        GoldenFile recorded = GoldenFile.open(folder.resolve(RECORDING))) {
      Rows rows = new Rows(recorded, new ArrayList<>());
      if (recorded.has("input.audio.0")) {
        sounds(file.toString(), config, rows);
      } else {
        images(ImageProcessor.of(file.toString(), config), rows);
      }
      List<String> left = recorded.unread().stream().map(key -> "golden: " + key).toList();
      return new Outcome(rows.found(), left, List.of());
    }
  }

  /** Comparisons so far. */
  private record Rows(GoldenFile recorded, List<Row> found) {
    /** Compares with a key, if that is recorded. */
    void compare(String key, Tensor value, double allowed) {
      if (!recorded.has(key)) {
        return;
      }
      Tensor expected = recorded.read(key);
      if (!expected.shape().equals(value.shape())) {
        found.add(new Row("golden", key, Double.NaN, Double.NaN, allowed, false));
        return;
      }
      if (expected.elements() == 0) {
        found.add(new Row("golden", key, 0, 0, allowed, true));
        return;
      }
      Tensor wanted = expected.to(DType.F64);
      double absolute = value.to(DType.F64).sub(wanted).abs().max().item();
      double scale = wanted.abs().max().item();
      double relative = absolute == 0 ? 0 : absolute / scale;
      found.add(new Row("golden", key, absolute, relative, allowed, absolute <= allowed));
    }
  }

  private static void sounds(String where, JsonNode config, Rows rows) {
    SoundProcessor processor = SoundProcessor.of(where, config);
    GoldenFile recorded = rows.recorded();
    List<Sound> sounds = new ArrayList<>();
    for (int i = 0; recorded.has("input.audio." + i); i++) {
      float[] samples = recorded.read("input.audio." + i).toFloatArray();
      sounds.add(Sound.mono(processor.rate(), samples));
    }
    SoundBatch batch = processor.process(sounds);
    for (int i = 0; i < sounds.size(); i++) {
      rows.compare("output.input_features." + i, batch.features().select(0, i), LOG_MEL);
    }
    rows.compare("output.input_features", batch.features(), LOG_MEL);
    rows.compare("output.input_values", batch.features(), NORMALISED);
    rows.compare("output.attention_mask", batch.mask(), 0);
    Tensor filters = processor.melFilters();
    if (filters != null) {
      rows.compare("output.mel_filters", filters, FILTER);
    }
    if (recorded.has(UNMASKED) && config instanceof ObjectNode plain) {
      ObjectNode other = plain.deepCopy();
      other.put("return_attention_mask", false);
      SoundBatch unmasked = SoundProcessor.of(where, other).process(sounds);
      rows.compare(UNMASKED, unmasked.features(), NORMALISED);
    }
  }

  private static void images(ImageProcessor processor, Rows rows) {
    GoldenFile recorded = rows.recorded();
    List<RgbImage> images = new ArrayList<>();
    for (int i = 0; recorded.has("input.image." + i); i++) {
      Tensor levels = recorded.read("input.image." + i);
      images.add(new RgbImage((int) levels.size(0), (int) levels.size(1), levels.toByteArray()));
    }
    for (int i = 0; i < images.size(); i++) {
      RgbImage image = images.get(i);
      rows.compare("output.resized." + i, levels(processor.resized(image)), LEVEL);
      rows.compare("output.cropped." + i, levels(processor.prepare(image)), LEVEL);
      if (recorded.has("output.pixel_values." + i)) {
        Tensor values = processor.process(List.of(image)).pixelValues();
        rows.compare("output.pixel_values." + i, values.squeeze(0), PIXEL);
      }
    }
    if (recorded.has("output.pixel_values")) {
      ImageBatch batch = processor.process(images);
      rows.compare("output.pixel_values", batch.pixelValues(), PIXEL);
      rows.compare("output.pixel_mask", batch.pixelMask(), 0);
    }
    if (recorded.has("input.logits")) {
      detections(rows);
    }
  }

  /** {@code [3, H, W]}. */
  private static Tensor levels(RgbImage image) {
    return Tensor.of(image.pixels(), image.height(), image.width(), 3).permute(2, 0, 1);
  }

  private static void detections(Rows rows) {
    GoldenFile recorded = rows.recorded();
    long[] sizes = recorded.read("input.target_sizes").toLongArray();
    int[] heights = new int[sizes.length / 2];
    int[] widths = new int[sizes.length / 2];
    for (int i = 0; i < heights.length; i++) {
      heights[i] = (int) sizes[2 * i];
      widths[i] = (int) sizes[2 * i + 1];
    }
    List<List<DetectedObject>> found =
        DetectedObject.of(
            recorded.read("input.logits"),
            recorded.read("input.pred_boxes"),
            heights,
            widths,
            threshold(recorded));
    for (int i = 0; i < found.size(); i++) {
      String name = "output.detections." + i + ".";
      List<DetectedObject> objects = found.get(i);
      rows.compare(
          name + "labels",
          Tensor.of(objects.stream().mapToLong(DetectedObject::label).toArray(), objects.size()),
          0);
      rows.compare(
          name + "scores",
          Tensor.of(objects.stream().mapToDouble(DetectedObject::score).toArray(), objects.size()),
          SCORE);
      double[] boxes =
          objects.stream()
              .flatMapToDouble(o -> DoubleStream.of(o.left(), o.top(), o.right(), o.bottom()))
              .toArray();
      rows.compare(name + "boxes", Tensor.of(boxes, objects.size(), 4), BOX);
    }
  }

  /** Recorded with the outputs, or the one that all were recorded with. */
  private static double threshold(GoldenFile recorded) {
    return recorded.settings().containsKey("threshold") ? recorded.number("threshold") : 0.4;
  }
}
