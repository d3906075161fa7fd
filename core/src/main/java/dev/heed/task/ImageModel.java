package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.explain.image.ImageAttention;
import dev.heed.explain.image.ImageCapture;
import dev.heed.explain.image.ImageFocus;
import dev.heed.model.ImageInput;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.model.ModelOutput;
import dev.heed.tensor.DType;
import dev.heed.tensor.LibTorch;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.TensorScope;
import dev.heed.vision.RgbImage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint with a head that sees images: what tasks over images have in common.
 *
 * <p>Immutable; any number of threads may use it at once.
 *
 * @param images how it wants them
 */
record ImageModel(Model model, ModelConfig config, ImageInput images) implements AutoCloseable {
  /**
   * Loads a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @param task the head that is asked for
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for files that are missing or invalid, and for
   *     a model without the head for the task
   */
  static ImageModel open(ModelFiles files, @Nullable DType dtype, Task task) {
    Objects.requireNonNull(files, "files: expected a model's files, got null; see ModelFiles");
    LibTorch.loadBeside();
    ModelConfig config = task.require(files);
    ImageInput images = ImageInput.of(files);
    ModelLoader loader = ModelLoader.of(files).packed();
    Model model = (dtype == null ? loader : loader.as(dtype)).load();
    return new ImageModel(model, config, images);
  }

  /**
   * What the model says of images, in their order. Each is seen by itself, so that none is padded
   * to another's size; they are seen side by side.
   */
  <R> List<R> see(List<RgbImage> seen, BiFunction<RgbImage, ModelOutput, R> reader) {
    return see(seen, input -> input, reader);
  }

  /** The same with something beside each image. */
  <R> List<R> see(
      List<RgbImage> seen,
      UnaryOperator<ModelInput> beside,
      BiFunction<RgbImage, ModelOutput, R> reader) {
    Map<Integer, R> results = new ConcurrentHashMap<>();
    SideBySide.run(
        seen.size(),
        i -> {
          try (TensorScope scope = TensorScope.inference()) {
            results.put(
                i, reader.apply(seen.get(i), model.apply(beside.apply(input(seen.get(i))))));
          }
        });
    return IntStream.range(0, seen.size())
        .mapToObj(i -> Objects.requireNonNull(results.get(i)))
        .toList();
  }

  /** What the model gives for something else than an image. */
  <R> R read(Supplier<ModelInput> input, Function<ModelOutput, R> reader) {
    try (TensorScope scope = TensorScope.inference()) {
      return reader.apply(model.apply(input.get()));
    }
  }

  private ModelInput input(RgbImage image) {
    return images.of(images.processor().process(List.of(image)), model);
  }

  /**
   * What the last layer that attends to places of the image attends to, the mean of its heads.
   *
   * @param title the result in a few words
   * @throws dev.heed.checkpoint.CheckpointException {@code UNSUPPORTED} without such a layer
   */
  Evidence explain(RgbImage image, String title) {
    ImageCapture capture = ImageCapture.over(model, config.where(), images);
    ImageFocus focus = ImageFocus.of(capture.read(image, null), ImageAttention.MEAN);
    return new Evidence(
        title,
        focus.explanation(),
        List.of(
            new Evidence.Overlaid(
                focus.heading(),
                focus.attention().image(),
                focus.attention().places().keys(),
                focus.places())));
  }

  @Override
  public void close() {
    model.close();
  }
}
