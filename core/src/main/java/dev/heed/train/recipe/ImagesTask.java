package dev.heed.train.recipe;

import dev.heed.model.ImageInput;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import dev.heed.vision.ImageProcessor;
import dev.heed.vision.RgbImage;
import java.util.ArrayList;
import java.util.List;

/**
 * One class of an image, scored by accuracy. An example's one id is the place of its image.
 *
 * @param classes that occur in what is learned from, sorted
 * @param images of both parts
 * @param processor from images to pixel values
 * @param dtype of the pixel values
 * @param augment how images are changed when they are learned from
 */
record ImagesTask(
    List<String> classes,
    List<Example> train,
    List<Example> valid,
    List<RgbImage> images,
    ImageProcessor processor,
    DType dtype,
    Augmentation augment)
    implements TextTask {
  /**
   * Reads the images.
   *
   * @throws IllegalArgumentException for a checkpoint that does not say how it reads images
   */
  static ImagesTask of(Recipe.Data data, ModelFiles files, DType dtype) {
    ImageInput input = LabelledImages.input(files);
    LabelledImages both = LabelledImages.of(data);
    List<String> classes = both.classes();
    List<RgbImage> images = new ArrayList<>();
    List<Example> learned = examples(both.learned(), classes, images);
    List<Example> held = examples(both.held(), classes, images);
    return new ImagesTask(classes, learned, held, images, input.processor(), dtype, data.augment());
  }

  private static List<Example> examples(
      List<LabelledImage> given, List<String> classes, List<RgbImage> images) {
    List<Example> examples = new ArrayList<>();
    for (LabelledImage each : given) {
      long label = classes.indexOf(each.label());
      examples.add(new Example(new long[] {images.size()}, new long[1], new long[] {label}));
      images.add(each.image());
    }
    return examples;
  }

  @Override
  public List<String> heads() {
    return List.of("ForImageClassification");
  }

  @Override
  public boolean flat() {
    return true;
  }

  @Override
  public Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.feed(examples, budget, seed, chosen -> batch(chosen, seen(chosen)));
  }

  @Override
  public Feed<ExampleBatch> learned(TokenBudget budget, long seed, long padding) {
    return TextTask.freshFeed(
        train,
        Example::length,
        budget,
        seed,
        (chosen, own) -> batch(chosen, augment.images(seen(chosen), own)));
  }

  private List<RgbImage> seen(List<Example> chosen) {
    return chosen.stream().map(example -> images.get((int) example.ids()[0])).toList();
  }

  private ExampleBatch batch(List<Example> chosen, List<RgbImage> seen) {
    Tensor labels = Tensor.of(chosen.stream().mapToLong(example -> example.labels()[0]).toArray());
    ModelInput input =
        ModelInput.of("pixel_values", processor.process(seen).pixelValues().to(dtype))
            .with("labels", labels);
    return new ExampleBatch(input, chosen, labels);
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation("accuracy", true, () -> Guesses.accuracy(classes, model, feed.epoch(0)));
  }
}
