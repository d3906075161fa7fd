package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.head.ClassifierHead.Problem;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.text.Encoding;
import dev.heed.text.Tokenizer;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says how well images and texts go together, by CLIP, SigLIP and BLIP.
 *
 * <p>Of CLIP and BLIP's model of pairs the probabilities are {@code softmax} of scaled cosines,
 * over the texts of an image or over the images of a text (Radford et al. 2021). SigLIP judges each
 * pair by itself, {@code 1 / (1 + exp(-logit))} (Zhai et al. 2023), and so does BLIP's head on a
 * text that read the image, {@code softmax(itm_score)[1]} (Li et al. 2022).
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class ImageTextMatcher implements AutoCloseable {
  /** Positions of a config that does not say: CLIP's 77, SigLIP's 64, BLIP's 512. */
  private enum Kind {
    CONTRAST(77),
    EACH(64),
    PAIRS(512),
    HEAD(512);

    private final int places;

    Kind(int places) {
      this.places = places;
    }

    static Kind of(String architecture) {
      return switch (architecture) {
        case "SiglipModel" -> EACH;
        case "BlipForImageTextRetrieval" -> HEAD;
        case "BlipModel" -> PAIRS;
        default -> CONTRAST;
      };
    }
  }

  private final ImageModel model;
  private final Tokenizer tokenizer;
  private final Kind kind;
  private final int longest;
  private final int padding;

  private ImageTextMatcher(ImageModel model, Tokenizer tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.kind = Kind.of(ModelFamilies.of(model.config()).architecture());
    var text = model.config().json().path("text_config");
    this.longest = text.path("max_position_embeddings").asInt(kind.places);
    this.padding = Math.max(0, text.path("pad_token_id").asInt(kind == Kind.EACH ? 1 : 0));
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static ImageTextMatcher open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model that does not read both images and texts
   */
  public static ImageTextMatcher open(ModelFiles files, @Nullable DType dtype) {
    Task.MATCH.require(files);
    Supplier<Tokenizer> tokenizer = files.tokenizerBeside();
    ImageModel model = ImageModel.open(files, dtype, Task.MATCH);
    try {
      return new ImageTextMatcher(model, tokenizer.get());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Whether each pair is judged by itself, so that probabilities need not sum to one. */
  public boolean judgesEach() {
    return kind == Kind.EACH || kind == Kind.HEAD;
  }

  /** What was not as the model's files say of images, or null. */
  public @Nullable String note() {
    return model.images().note();
  }

  /**
   * The texts of each image, best first; each image is seen by itself.
   *
   * @param texts at least one
   * @throws IllegalArgumentException without a text
   */
  public List<Classification> overTexts(List<RgbImage> images, List<String> texts) {
    Problem problem =
        judgesEach() ? Problem.MULTI_LABEL_CLASSIFICATION : Problem.SINGLE_LABEL_CLASSIFICATION;
    ClassScores classes = new ClassScores(List.copyOf(texts), problem);
    return logits(images, texts).stream()
        .map(logits -> classes.classification(classes.scores(logits), false, 0))
        .toList();
  }

  /**
   * How probable each image is for each text, {@code [text][image]}, in their order.
   *
   * @param images at least one
   * @param texts at least one
   * @throws IllegalArgumentException without an image or a text
   */
  public List<double[]> overImages(List<RgbImage> images, List<String> texts) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("images: expected at least one, got none");
    }
    List<double[]> logits = logits(images, texts);
    return IntStream.range(0, texts.size())
        .mapToObj(text -> logits.stream().mapToDouble(image -> image[text]).toArray())
        .map(scores ->
            judgesEach()
                ? Arrays.stream(scores).map(Probabilities::sigmoid).toArray()
                : Probabilities.softmax(scores))
        .toList();
  }

  /**
   * Vectors of images, of length 1: alike where images are, and like those of texts that go with
   * them.
   *
   * @throws UnsupportedOperationException for a model that reads each text beside the image
   */
  public List<double[]> imageVectors(List<RgbImage> images) {
    requireVectors();
    return model.see(images, (image, output) -> TextModel.row(output.require("image_embeds"), 0));
  }

  /** Vectors of texts, with the errors of {@link #imageVectors}. */
  public List<double[]> textVectors(List<String> texts) {
    requireVectors();
    return texts.stream()
        .map(text ->
            model.read(
                () -> beside(ModelInput.of(Map.of()), List.of(encoding(text))),
                output -> TextModel.row(output.require("text_embeds"), 0)))
        .toList();
  }

  /** Whether {@link #imageVectors} has a meaning: images and texts are read by themselves. */
  public boolean givesVectors() {
    return kind != Kind.HEAD;
  }

  private void requireVectors() {
    if (!givesVectors()) {
      throw new UnsupportedOperationException(
          "vectors: expected a model that reads images and texts by themselves, got one that reads"
              + " them together");
    }
  }

  private Encoding encoding(String text) {
    return tokenizer.encode(text, null, true).truncatedTo(longest);
  }

  /** Whether a text is longer than the model reads, so that its end does not count. */
  public boolean cuts(String text) {
    return tokenizer.encode(text, null, true).size() > longest;
  }

  /** Scores of each image's texts. */
  private List<double[]> logits(List<RgbImage> images, List<String> texts) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("texts: expected at least one, got none");
    }
    List<Encoding> read = texts.stream().map(this::encoding).toList();
    return model.see(images, input -> beside(input, read), (image, output) -> logits(output));
  }

  /** Of two classes, no and yes, the softmax is the sigmoid of their difference. */
  private double[] logits(ModelOutput output) {
    if (kind != Kind.HEAD) {
      return TextModel.row(output.require("logits_per_image"), 0);
    }
    Tensor scores = output.require("itm_score").to(DType.F64);
    return scores.select(1, 1).sub(scores.select(1, 0)).contiguous().toDoubleArray();
  }

  /** The texts; SigLIP's are filled to its whole length and nothing is hidden from it. */
  private ModelInput beside(ModelInput image, List<Encoding> texts) {
    int most = texts.stream().mapToInt(Encoding::size).max().orElse(0);
    int width = kind == Kind.EACH ? longest : most;
    long[] ids = new long[texts.size() * width];
    long[] mask = new long[ids.length];
    Arrays.fill(ids, padding);
    for (int row = 0; row < texts.size(); row++) {
      Encoding text = texts.get(row);
      System.arraycopy(text.ids(), 0, ids, row * width, text.size());
      Arrays.fill(mask, row * width, row * width + text.size(), 1);
    }
    ModelInput both = image.with("input_ids", Tensor.of(ids, texts.size(), width));
    if (kind == Kind.EACH) {
      return both;
    }
    both = both.with("attention_mask", Tensor.of(mask, texts.size(), width));
    return kind == Kind.HEAD ? both.with("pixel_values", each(image, texts.size())) : both;
  }

  /** The head reads a text beside an image of its own. */
  private static Tensor each(ModelInput image, int texts) {
    Tensor pixels = image.require("pixel_values");
    return pixels.expand(texts, pixels.size(1), pixels.size(2), pixels.size(3)).contiguous();
  }

  /**
   * Where it looked: what the last layer that attends to places of the image attends to.
   *
   * @throws dev.heed.checkpoint.CheckpointException {@code UNSUPPORTED} without such a layer
   */
  public Evidence explain(RgbImage image, List<String> texts) {
    Classification.Label best = overTexts(List.of(image), texts).getFirst().best();
    return model.explain(image, String.format(Locale.ROOT, "%s %.3f", best.name(), best.score()));
  }

  @Override
  public void close() {
    model.close();
  }
}
