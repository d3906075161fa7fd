package dev.heed.explain.image;

import dev.heed.attention.position.TokenGrids;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.explain.image.ImageAttention.Layer;
import dev.heed.model.ImageInput;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.vision.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained model that sees images, to read its attention over their patches from: of any family
 * whose layers say where their tokens stand.
 */
public final class ImageCapture implements AutoCloseable {
  /** So many weights of one layer are held: 256 MB. */
  private static final long MOST_WEIGHTS = 1L << 26;

  private final Model model;
  private final String where;
  private final ImageInput images;

  private ImageCapture(Model model, String where, ImageInput images) {
    this.model = model;
    this.where = where;
    this.images = images;
  }

  /**
   * Loads a model in single precision, with what its folder says of the images that it takes.
   *
   * @return owned by the caller
   * @throws CheckpointException for files that are missing or invalid, and for a family that Heed
   *     does not know
   */
  public static ImageCapture open(ModelFiles files) {
    ImageInput images = ImageInput.of(files);
    Model model = ModelLoader.of(files).as(DType.F32).load();
    return over(model, files.describe(), images);
  }

  /**
   * Reads from a model that is loaded already.
   *
   * @param model closed by {@link #close}, or else by its owner
   * @param where a name for messages
   * @param images how it wants them
   */
  public static ImageCapture over(Model model, String where, ImageInput images) {
    return new ImageCapture(model, where, images);
  }

  /** Whether a model sees images, by what its config speaks of. */
  public static boolean seesImages(ModelFiles files) {
    return ImageInput.isOf(files);
  }

  /**
   * Runs the model over one image.
   *
   * @param layer from 0 among those that attend to places of the image, or null for the last
   * @return that layer's weights
   * @throws CheckpointException {@code UNSUPPORTED} if the model does not see images, has no
   *     attention, or leaves open where its tokens stand
   * @throws IllegalArgumentException for a layer that is not there, or whose weights are too many
   */
  public ImageAttention read(RgbImage image, @Nullable Integer layer) {
    try (TensorScope scope = TensorScope.inference()) {
      ModelInput input = input(image);
      List<Layer> layers = layers(input);
      int chosen = layer == null ? layers.size() - 1 : layer;
      if (chosen < 0 || chosen >= layers.size()) {
        throw new IllegalArgumentException(
            "layer: expected a number from 0 to " + (layers.size() - 1) + ", got " + chosen);
      }
      float[][][] weights = weights(input, layers.get(chosen));
      return new ImageAttention(
          images.processor().prepare(image), layers, chosen, weights, images.note());
    }
  }

  /** A model that reads texts too is offered a token. */
  private ModelInput input(RgbImage image) {
    ModelInput seen = images.of(images.processor().process(List.of(image)), model);
    return model.tokenTable() == null
        ? seen
        : seen.with("input_ids", Tensor.zeros(Shape.of(1, 1), DType.I64)).offering("input_ids");
  }

  private List<Layer> layers(ModelInput input) {
    AtomicBoolean attends = new AtomicBoolean();
    try (Trace trace =
        Trace.record(point -> {
          if (point.endsWith(".pattern")) {
            attends.set(true);
          }
          return point.endsWith(".grid");
        })) {
      run(input, trace);
      List<Layer> layers = new ArrayList<>();
      trace
          .values()
          .forEach((point, value) -> {
            String name = point.substring(0, point.length() - ".grid".length());
            layers.add(new Layer(name, TokenGrids.of(value)));
          });
      if (layers.isEmpty()) {
        throw unsupported(
            "layers that attend to places of the image",
            attends.get()
                ? "attention that does not say which place a token is"
                : "none: this model has no attention, its layers mix places by convolutions or"
                    + " otherwise");
      }
      return layers;
    }
  }

  private void run(ModelInput input, Trace trace) {
    try {
      model.apply(input, trace);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "a model that sees images",
          String.valueOf(e.getMessage()),
          "Choose another model.",
          e);
    }
  }

  private CheckpointException unsupported(String expected, String got) {
    return new CheckpointException(Kind.UNSUPPORTED, where, expected, got, "Choose another model.");
  }

  private float[][][] weights(ModelInput input, Layer layer) {
    TokenGrids places = layer.places();
    requireRoom(places, 1);
    String map = layer.name() + ".map";
    String pattern = layer.name() + ".pattern";
    try (Trace trace = Trace.record(point -> point.equals(map) || point.equals(pattern))) {
      run(input, trace);
      Tensor all = trace.values().containsKey(map) ? trace.value(map) : trace.value(pattern);
      requireRoom(places, all.size(1));
      int heads = Math.toIntExact(all.size(1));
      int queries = Math.toIntExact(all.size(2));
      int keys = Math.toIntExact(all.size(3));
      float[] flat = Objects.requireNonNull(all.to(DType.F32).toFloatArray());
      float[][][] weights = new float[heads][queries][keys];
      for (int head = 0, at = 0; head < heads; head++) {
        for (int query = 0; query < queries; query++, at += keys) {
          System.arraycopy(flat, at, weights[head][query], 0, keys);
        }
      }
      return weights;
    }
  }

  private static void requireRoom(TokenGrids places, long heads) {
    long all = heads * places.queries().places() * places.keys().places();
    if (all > MOST_WEIGHTS) {
      throw new IllegalArgumentException(
          "layer: expected at most "
              + MOST_WEIGHTS
              + " weights of its heads, got "
              + all
              + " or more; choose a layer of fewer places, or a smaller image");
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
