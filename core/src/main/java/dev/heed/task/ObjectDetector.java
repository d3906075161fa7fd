package dev.heed.task;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.vision.DetectedObject;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds objects in images, by DETR and YOLOS: of each of the model's queries the likeliest class
 * {@code softmax(logits)} but the last, which stands for nothing, and its box.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class ObjectDetector implements AutoCloseable {
  /** What is likelier than not. */
  public static final double THRESHOLD = 0.5;

  private final ImageModel model;
  private final List<String> labels;

  private ObjectDetector(ImageModel model) {
    this.model = model;
    this.labels = List.copyOf(model.config().labels());
  }

  /** Whether a checkpoint has the head for it. */
  public static boolean fits(ModelFiles files) {
    return ModelFamilies.of(new ModelConfig(files.describe(), files.json()))
        .architecture()
        .endsWith("ForObjectDetection");
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static ObjectDetector open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws CheckpointException for missing, invalid or unsupported files, and for a model without
   *     a head for boxes
   */
  public static ObjectDetector open(ModelFiles files, @Nullable DType dtype) {
    if (!fits(files)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          files.describe() + ", architectures",
          "a model whose name ends in ForObjectDetection",
          ModelFamilies.of(new ModelConfig(files.describe(), files.json())).architecture(),
          "Choose DETR or YOLOS.");
    }
    return new ObjectDetector(ImageModel.open(files, dtype, Task.SEE));
  }

  /** The names of the classes, by number. */
  public List<String> labels() {
    return labels;
  }

  /** What was not as the model's files say of images, or null. */
  public @Nullable String note() {
    return model.images().note();
  }

  /**
   * The objects in an image.
   *
   * @param threshold the probability that must be passed
   * @return the most probable first
   */
  public List<FoundObject> detect(RgbImage image, double threshold) {
    return detect(List.of(image), threshold).getFirst();
  }

  /** The objects in several images, in their order; each is seen by itself. */
  public List<List<FoundObject>> detect(List<RgbImage> images, double threshold) {
    return model.see(
        images,
        (image, output) ->
            DetectedObject.of(
                    output.logits(),
                    output.require("pred_boxes"),
                    new int[] {image.height()},
                    new int[] {image.width()},
                    threshold)
                .getFirst()
                .stream()
                .sorted(Comparator.comparingDouble(DetectedObject::score).reversed())
                .map(found -> new FoundObject(labels.get(found.label()), found))
                .toList());
  }

  /**
   * Where it looked: what its last layer attends to.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for a model without attention over places
   */
  public Evidence explain(RgbImage image, double threshold) {
    List<FoundObject> found = detect(image, threshold);
    return model.explain(
        image,
        found.isEmpty()
            ? "No object"
            : found.stream().map(FoundObject::name).collect(Collectors.joining(", ")));
  }

  @Override
  public void close() {
    model.close();
  }
}
