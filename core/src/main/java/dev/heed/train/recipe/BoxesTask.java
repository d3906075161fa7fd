package dev.heed.train.recipe;

import dev.heed.evaluate.Box;
import dev.heed.evaluate.DetectionScore;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.tensor.DType;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import dev.heed.train.data.Seeds;
import dev.heed.train.data.TokenBudget;
import dev.heed.vision.DetectedObject;
import dev.heed.vision.ImageProcessor;
import dev.heed.vision.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Objects in scenes that are laid of classified images: which there are and where, learned as a set
 * (Carion et al. 2020) and scored by COCO's average precision. What is learned from is laid anew in
 * each epoch; what is scored on is laid once. An example's one id is the place of the image that
 * its scene begins with.
 *
 * @param learned lays what is learned from
 * @param held lays what is scored on
 * @param processor from images to pixel values
 * @param dtype of the pixel values
 */
record BoxesTask(
    List<Example> train,
    List<Example> valid,
    Scenes learned,
    Scenes held,
    ImageProcessor processor,
    DType dtype)
    implements TextTask {
  /** Of the scenes that are scored on, which depend on no recipe's seed. */
  private static final long HELD_SEED = 0;

  /**
   * Reads the images.
   *
   * @throws IllegalArgumentException without a canvas, and for a model that sees a part of images
   */
  static BoxesTask of(Recipe.Data data, ModelFiles files, DType dtype) {
    Canvas canvas = data.canvas();
    RecipeKeys.require(canvas.side() > 0, "canvas", "a side above 0", canvas);
    ImageProcessor processor = LabelledImages.input(files).processor();
    RgbImage blank = RgbImage.black(canvas.side(), canvas.side());
    RgbImage seen = processor.prepare(blank);
    RgbImage sized = processor.resized(blank);
    RecipeKeys.require(
        seen.height() == sized.height() && seen.width() == sized.width(),
        "do_center_crop",
        "false, as boxes are shares of the whole image",
        true);
    LabelledImages both = LabelledImages.of(data);
    List<String> classes = both.classes();
    return new BoxesTask(
        examples(both.learned()),
        examples(both.held()),
        new Scenes(both.learned(), classes, canvas),
        new Scenes(both.held(), classes, canvas),
        processor,
        dtype);
  }

  private static List<Example> examples(List<LabelledImage> images) {
    return IntStream.range(0, images.size())
        .mapToObj(place -> new Example(new long[] {place}, new long[1], new long[] {place}))
        .toList();
  }

  @Override
  public List<String> heads() {
    return List.of("ForObjectDetection");
  }

  @Override
  public List<String> classes() {
    return learned.classes();
  }

  @Override
  public Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.feed(examples, budget, seed, chosen -> batch(chosen, held(chosen)));
  }

  @Override
  public Feed<ExampleBatch> learned(TokenBudget budget, long seed, long padding) {
    return TextTask.freshFeed(
        train,
        Example::length,
        budget,
        seed,
        (chosen, own) -> batch(chosen, scenes(learned, chosen, own)));
  }

  private List<Scene> held(List<Example> chosen) {
    return scenes(held, chosen, HELD_SEED);
  }

  private static List<Scene> scenes(Scenes scenes, List<Example> chosen, long seed) {
    return chosen.stream()
        .map(example -> (int) example.ids()[0])
        .map(first -> scenes.of(first, Seeds.mix(seed, first)))
        .toList();
  }

  private ExampleBatch batch(List<Example> chosen, List<Scene> scenes) {
    ModelInput input =
        ModelInput.of(
            "pixel_values",
            processor.process(scenes.stream().map(Scene::image).toList()).pixelValues().to(dtype));
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < scenes.size(); i++) {
      Tensor classes = scenes.get(i).labels();
      all.add(classes);
      input =
          input
              .with("labels." + i + ".class_labels", classes)
              .with("labels." + i + ".boxes", scenes.get(i).boxes());
    }
    return new ExampleBatch(input, chosen, Tensor.cat(all, 0));
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation("mAP", true, () -> score(model, feed.epoch(0)).averagePrecision());
  }

  @Override
  public Map<String, Double> beside(Model model, Feed<ExampleBatch> feed) {
    DetectionScore score = score(model, feed.epoch(0));
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("at an overlap of 0.5 alone", score.precisionAt50());
    parts.put("at an overlap of 0.75 alone", score.precisionAt75());
    return parts;
  }

  /** What is in a batch and what was found there. */
  private record Seen(
      List<DetectionScore.Annotation> there, List<DetectionScore.Detection> found) {}

  private DetectionScore score(Model model, Feed.Epoch<ExampleBatch> epoch) {
    @Nullable Seen[] batches = new @Nullable Seen[epoch.size()];
    SideBySide.runSteadily(
        batches.length,
        i -> {
          try (TensorScope scope = TensorScope.inference()) {
            ExampleBatch batch = epoch.load(i);
            batches[i] = seen(batch.examples(), model.apply(batch.input()));
          }
        });
    List<Seen> all = Arrays.stream(batches).<Seen>map(Objects::requireNonNull).toList();
    return DetectionScore.of(
        IntStream.range(0, classes().size()).boxed().toList(),
        all.stream().flatMap(seen -> seen.there().stream()).toList(),
        all.stream().flatMap(seen -> seen.found().stream()).toList());
  }

  private Seen seen(List<Example> chosen, ModelOutput output) {
    List<Scene> scenes = held(chosen);
    int[] heights = scenes.stream().mapToInt(scene -> scene.image().height()).toArray();
    int[] widths = scenes.stream().mapToInt(scene -> scene.image().width()).toArray();
    List<List<DetectedObject>> found =
        DetectedObject.of(output.logits(), output.require("pred_boxes"), heights, widths, 0);
    Seen seen = new Seen(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < chosen.size(); i++) {
      long image = chosen.get(i).ids()[0];
      scenes.get(i).objects().stream()
          .map(each ->
              new DetectionScore.Annotation(
                  image, each.label(), each.box(), each.box().area(), false))
          .forEach(seen.there()::add);
      found.get(i).stream()
          .map(each ->
              new DetectionScore.Detection(
                  image,
                  each.label(),
                  new Box(
                      each.left(),
                      each.top(),
                      each.right() - each.left(),
                      each.bottom() - each.top()),
                  each.score()))
          .forEach(seen.found()::add);
    }
    return seen;
  }
}
