package dev.heed.task;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.model.head.ClassifierHead.Problem;
import dev.heed.task.Classification.Label;
import dev.heed.tensor.DType;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says which class an image is of, by any checkpoint with a head for it: ViT, DeiT, BEiT, DINOv2,
 * Swin, ConvNeXt, SegFormer, PVT and others.
 *
 * <p>The probabilities of classes that exclude each other are {@code softmax(logits)}; where the
 * config's {@code problem_type} says {@code multi_label_classification}, or there is one class
 * alone, each is {@code 1 / (1 + exp(-logit))}. Classes have the names of {@code id2label}.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class ImageClassifier implements AutoCloseable {
  private final ImageModel model;
  private final ClassScores classes;

  private ImageClassifier(ImageModel model) {
    this.model = model;
    this.classes = ClassScores.of(model.config());
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static ImageClassifier open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model without a head for classes of images
   */
  public static ImageClassifier open(ModelFiles files, @Nullable DType dtype) {
    if (ObjectDetector.fits(files)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          files.describe(),
          "a model of classes of whole images",
          "one that finds objects",
          "Open it with ObjectDetector.");
    }
    return new ImageClassifier(ImageModel.open(files, dtype, Task.SEE));
  }

  /** The names of the classes, by number. */
  public List<String> labels() {
    return classes.labels();
  }

  /** What the classes are to each other. */
  public Problem problem() {
    return classes.problem();
  }

  /** What was not as the model's files say of images, or null. */
  public @Nullable String note() {
    return model.images().note();
  }

  /** The classes of an image. */
  public Classification classify(RgbImage image) {
    return classify(List.of(image)).getFirst();
  }

  /** The classes of several images, in their order; each is seen by itself. */
  public List<Classification> classify(List<RgbImage> images) {
    return model.see(
        images,
        (image, output) ->
            classes.classification(classes.scores(TextModel.row(output.logits(), 0)), false, 0));
  }

  /**
   * Where it looked: what its last layer attends to.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for a model without attention over places
   */
  public Evidence explain(RgbImage image) {
    Label best = classify(image).best();
    return model.explain(image, String.format(Locale.ROOT, "%s %.3f", best.name(), best.score()));
  }

  @Override
  public void close() {
    model.close();
  }
}
