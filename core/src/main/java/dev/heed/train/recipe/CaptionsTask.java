package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.ImageProcessor;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Which text goes with an image (Radford et al. 2021); scored by how often an image's own text is
 * among the first ten of all different texts. An example's one id is the place of its image and its
 * text; a column {@code more} holds other texts of the image, with semicolons between, of which
 * some are added while learning.
 */
final class CaptionsTask implements TextTask {
  private record Pair(RgbImage image, String text, List<String> more) {}

  private static final int FIRST = 10;

  private final List<Pair> pairs = new ArrayList<>();
  private final List<Example> train;
  private final List<Example> valid;
  private final ImageProcessor processor;
  private final Tokenizer tokenizer;
  private final int longest;
  private final Augmentation augment;
  private final DType dtype;

  /** Reads images and texts. */
  CaptionsTask(Recipe.Data data, ModelFiles files, DType dtype) {
    this.processor = LabelledImages.input(files).processor();
    this.tokenizer = files.tokenizer();
    int places = files.json().path("text_config").path("max_position_embeddings").asInt(77);
    RecipeKeys.require(
        data.maxLength() <= places, "max_length", "at most " + places, data.maxLength());
    this.longest = data.maxLength() == 0 ? places : data.maxLength();
    this.augment = data.augment();
    this.dtype = dtype;
    Split split = Split.of(data);
    this.train = examples(split.learned(), Path.of(data.train()));
    this.valid =
        examples(split.held(), Path.of(data.valid().isEmpty() ? data.train() : data.valid()));
  }

  private List<Example> examples(List<ExampleFile.Row> rows, Path table) {
    ImageDecoder decoder = ImageDecoder.installed();
    List<Example> examples = new ArrayList<>();
    try (TableFiles files = new TableFiles(table)) {
      for (ExampleFile.Row row : rows) {
        String name = row.require("image");
        examples.add(new Example(new long[] {pairs.size()}, new long[1], new long[1]));
        List<String> more =
            Arrays.stream(row.columns().getOrDefault("more", "").split(";"))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        pairs.add(
            new Pair(decoder.read(name, files.read(row.where(), name)), row.require("text"), more));
      }
    }
    return examples;
  }

  @Override
  public List<String> heads() {
    return List.of("CLIPModel", "SiglipModel");
  }

  @Override
  public List<Example> train() {
    return train;
  }

  @Override
  public List<Example> valid() {
    return valid;
  }

  private Pair pair(Example example) {
    return pairs.get((int) example.ids()[0]);
  }

  private List<RgbImage> images(List<Example> chosen) {
    return chosen.stream().map(example -> pair(example).image()).toList();
  }

  @Override
  public Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.feed(
        examples,
        budget,
        seed,
        chosen -> batch(chosen, images(chosen), chosen.stream().map(c -> pair(c).text()).toList()));
  }

  @Override
  public Feed<ExampleBatch> learned(TokenBudget budget, long seed, long padding) {
    return TextTask.freshFeed(
        train,
        Example::length,
        budget,
        seed,
        (chosen, own) -> {
          SplittableRandom random = new SplittableRandom(own);
          List<String> texts = chosen.stream().map(example -> said(pair(example), random)).toList();
          return batch(chosen, augment.images(images(chosen), random.nextLong()), texts);
        });
  }

  /** The text, one of the others, or both. */
  private static String said(Pair pair, SplittableRandom random) {
    int way = random.nextInt(4);
    if (pair.more().isEmpty() || way < 2) {
      return pair.text();
    }
    String other = pair.more().get(random.nextInt(pair.more().size()));
    return way == 2 ? other : pair.text() + " " + other;
  }

  private ExampleBatch batch(List<Example> chosen, List<RgbImage> seen, List<String> texts) {
    ModelInput input =
        read(texts)
            .with("pixel_values", processor.process(seen).pixelValues().to(dtype))
            .with("return_loss", true);
    return new ExampleBatch(input, chosen, Tensor.arange(chosen.size(), DType.I64));
  }

  private ModelInput read(List<String> texts) {
    return ExampleBatch.texts(
        texts.stream()
            .map(text -> Example.of(tokenizer.encode(text).truncatedTo(longest), 0))
            .toList(),
        0);
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation("recall@" + FIRST, true, () -> recall(ranks(model), FIRST));
  }

  @Override
  public Map<String, Double> beside(Model model, Feed<ExampleBatch> feed) {
    int[] ranks = ranks(model);
    int texts = texts().size();
    Map<String, Double> beside = new LinkedHashMap<>();
    for (int first : new int[] {1, 5, FIRST}) {
      beside.put("recall@" + first, recall(ranks, first));
      beside.put(
          "recall@" + first + " by chance, of " + texts + " texts",
          Math.min(1, (double) first / texts));
    }
    return beside;
  }

  private List<String> texts() {
    return List.copyOf(new LinkedHashSet<>(valid.stream().map(e -> pair(e).text()).toList()));
  }

  private static double recall(int[] ranks, int first) {
    return (double) Arrays.stream(ranks).filter(rank -> rank < first).count() / ranks.length;
  }

  /** How many other texts each image finds better than its own. */
  private int[] ranks(Model model) {
    List<String> texts = texts();
    try (TensorScope scope = TensorScope.inference()) {
      Tensor said = model.apply(read(texts)).require("text_embeds");
      int[] ranks = new int[valid.size()];
      for (int i = 0; i < ranks.length; i++) {
        try (TensorScope own = TensorScope.open()) {
          Pair pair = pair(valid.get(i));
          ModelInput input =
              ModelInput.of(
                  "pixel_values", processor.process(List.of(pair.image())).pixelValues().to(dtype));
          ModelOutput seen = model.apply(input);
          double[] scores =
              said.matmul(seen.require("image_embeds").transpose(0, 1))
                  .to(DType.F64)
                  .flatten(0, -1)
                  .toDoubleArray();
          double right = scores[texts.indexOf(pair.text())];
          ranks[i] = (int) Arrays.stream(scores).filter(score -> score > right).count();
        }
      }
      return ranks;
    }
  }
}
