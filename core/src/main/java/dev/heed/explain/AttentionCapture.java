package dev.heed.explain;

import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.StatefulMixer;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelLoader;
import dev.heed.model.Places;
import dev.heed.nn.Trace;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.LibTorch;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pretrained model with its tokenizer, to read the attention over texts from: an encoder, a
 * decoder, or the reading half of an encoder-decoder, of any family whose layers attend from every
 * token to every token.
 */
public final class AttentionCapture implements AutoCloseable {
  /** So many weights of all layers and heads together are held: 256 MB. */
  private static final long MOST_WEIGHTS = 1L << 26;

  /** The last part of the trace points behind each layer. */
  private static final String LAYER_END = ".resid_post";

  /** The number of a layer in a trace point's name. */
  private static final Pattern NUMBER = Pattern.compile("(?:^|\\.)(\\d+)\\.");

  private final Model model;
  private final Tokenizer tokenizer;
  private final ModelConfig config;
  private final int longest;
  private final int positions;
  private final Layers layers;

  /**
   * Which of a model's layers attend.
   *
   * @param attending the numbers, from 0, of those with a map, in the order of the maps
   * @param others those without attention, which carry a state or convolve
   * @param heads of all maps together
   */
  public record Layers(List<Integer> attending, List<Integer> others, long heads) {
    /** Copies the lists. */
    public Layers {
      attending = List.copyOf(attending);
      others = List.copyOf(others);
    }
  }

  private AttentionCapture(
      Model model, Tokenizer tokenizer, ModelConfig config, int positions, Layers layers) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.config = config;
    long most = (long) Math.sqrt((double) MOST_WEIGHTS / layers.heads());
    this.longest = (int) Math.clamp(positions, 1, most);
    this.positions = positions;
    this.layers = layers;
  }

  /**
   * Loads a model without its head; tokenizer and weights are read at the same time.
   *
   * @return owned by the caller
   * @throws CheckpointException for files that are missing or invalid, for a family that Heed does
   *     not know, and for models that do not read one text
   */
  public static AttentionCapture open(ModelFiles files) {
    LibTorch.loadBeside();
    Objects.requireNonNull(files, "files: expected a model's files, got null; see ModelFiles");
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    ModelLoader loader = ModelLoader.of(files).bare();
    Supplier<Tokenizer> tokenizer = files.tokenizerBeside();
    Model model = loader.load();
    try {
      Layers layers = layers(model, config);
      Tokenizer read = tokenizer.get();
      return new AttentionCapture(model, read, config, Places.longest(config), layers);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Which layers attend, by reading one token. */
  private static Layers layers(Model model, ModelConfig config) {
    Predicate<String> maps = shown(model);
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(point -> maps.test(point) || point.endsWith(LAYER_END))) {
      try {
        model.apply(input(model, new long[] {0}), trace);
      } catch (IllegalArgumentException e) {
        throw new CheckpointException(
            Kind.UNSUPPORTED,
            config.where(),
            "a model that reads texts",
            String.valueOf(e.getMessage()),
            "Choose another model.",
            e);
      }
      List<String> points = trace.values().keySet().stream().filter(maps).toList();
      List<Shape> patterns = points.stream().map(point -> trace.value(point).shape()).toList();
      if (patterns.isEmpty()
          || patterns.stream().distinct().count() > 1
          || patterns.getFirst().rank() != 4
          || patterns.getFirst().size(3) != 1) {
        throw new CheckpointException(
            Kind.UNSUPPORTED,
            config.where(),
            "layers of as many heads each that attend from every token to every token",
            patterns.isEmpty()
                ? "layers without attention, which carry a state or convolve"
                : "attention of " + patterns,
            "Choose another model.");
      }
      List<Integer> attending = numbers(points);
      List<Integer> others = new ArrayList<>(numbers(List.copyOf(trace.values().keySet())));
      others.removeAll(attending);
      boolean decodes = model.kind() != ModelKind.ENCODER_DECODER;
      return new Layers(
          attending, decodes ? others : List.of(), patterns.size() * patterns.getFirst().size(1));
    }
  }

  /** The numbers of the layers that points belong to. */
  private static List<Integer> numbers(List<String> points) {
    return points.stream()
        .map(NUMBER::matcher)
        .filter(Matcher::find)
        .map(found -> Integer.valueOf(found.group(1)))
        .distinct()
        .toList();
  }

  /** How the model's attention reads. */
  public ModelKind kind() {
    return model.kind();
  }

  /** Which of the model's layers attend. */
  public Layers layers() {
    return layers;
  }

  /**
   * What layers without attention amount to, where that can be written down: for each output how
   * much it takes from the value of each token, the mean magnitude over the heads. Derived, and no
   * softmax: rows do not sum to one.
   *
   * @return {@code [query][key]} over the text's tokens, by the layer's number
   * @throws dev.heed.tensor.ShapeException as {@link #read}
   */
  public SortedMap<Integer, float[][]> derived(String text) {
    SortedMap<Integer, float[][]> maps = new TreeMap<>();
    if (layers.others().isEmpty()) {
      return maps;
    }
    long[] ids = checked(text).ids();
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(point -> point.endsWith(StatefulMixer.EFFECTIVE_MAP))) {
      model.apply(input(model, ids), trace);
      for (Map.Entry<String, Tensor> point : trace.values().entrySet()) {
        Tensor mean = point.getValue().abs().mean(1, false).select(0, 0);
        float[][] rows = new float[ids.length][];
        for (int row = 0; row < rows.length; row++) {
          rows[row] = mean.select(0, row).toFloatArray();
        }
        maps.put(numbers(List.of(point.getKey())).getFirst(), rows);
      }
    }
    return maps;
  }

  /**
   * How many tokens of a text are read, special ones included: as many as the model has positions
   * for, and as many as keep all layers' and heads' weights within 256 MB.
   */
  public int longest() {
    return longest;
  }

  /** The text, or as many of its first words as the encoder can read. */
  public String beginning(String text) {
    return beginning(text, longest());
  }

  /** The text, or as many of its first words as so many tokens hold. */
  String beginning(String text, int most) {
    Encoding whole = tokenizer.encode(text);
    if (whole.size() <= most) {
      return text;
    }
    List<Token> kept = whole.truncatedTo(most).tokens().stream().filter(t -> !t.special()).toList();
    List<Token> all = whole.tokens().stream().filter(t -> !t.special()).toList();
    if (kept.isEmpty()) {
      return "";
    }
    int size = kept.size();
    // A word is not cut in two, unless it is the only one.
    while (size > 1 && all.get(size).word() == all.get(size - 1).word()) {
      size--;
    }
    return text.substring(0, all.get(size > 1 ? size - 1 : kept.size() - 1).end());
  }

  /**
   * Runs the model over one text.
   *
   * @return every layer's and head's weights over the text's tokens
   * @throws dev.heed.tensor.ShapeException if the text is longer than {@link #longest}
   */
  public AttentionMap read(String text) {
    return read(text, () -> {});
  }

  /**
   * Runs the model over one text, and asks on the way whether it is still wanted.
   *
   * @param text at most {@link #longest} tokens
   * @param watch runs several times a layer; what it throws ends the run
   * @return every layer's and head's weights over the text's tokens
   * @throws dev.heed.tensor.ShapeException if the text is longer than {@link #longest}
   */
  public AttentionMap read(String text, Runnable watch) {
    Encoding encoding = checked(text);
    long[] ids = encoding.ids();
    Predicate<String> maps = shown(model);
    Predicate<String> watched =
        point -> {
          watch.run();
          return maps.test(point);
        };
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(watched)) {
      model.apply(input(model, ids), trace);
      return AttentionMap.of(encoding, trace);
    }
  }

  /**
   * Runs an encoder-decoder over one text while it is made to write another.
   *
   * @param text at most {@link #longest} tokens
   * @param target what it is made to write, of at most {@link #longest} tokens
   * @return every layer's and head's weights from the tokens of the target to those of the text
   * @throws IllegalArgumentException for a model that does not read one text and write another, and
   *     for an empty or too long target
   * @throws dev.heed.tensor.ShapeException if the text is longer than {@link #longest}
   */
  public AttentionMap readAcross(String text, String target) {
    Encoding encoding = checked(text);
    ForcedText forced = ForcedText.of(target, tokenizer, config.json(), longest());
    long[] ids = encoding.ids();
    try (TensorScope scope = TensorScope.inference()) {
      ModelInput given = ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length));
      float[][][][] weights =
          forced.attention(model, given).stream()
              .map(AttentionMap::heads)
              .toArray(float[][][][]::new);
      return AttentionMap.across(forced.units(), AttentionMap.units(encoding), weights);
    }
  }

  Encoding checked(String text) {
    Encoding encoding = tokenizer.encode(text);
    if (encoding.size() > longest()) {
      throw new ShapeException(
          "text: expected at most "
              + longest()
              + " tokens, got "
              + encoding.size()
              + "; cut it, as beginning(text) does");
    }
    return encoding;
  }

  /**
   * Runs the model over one text and keeps what one head computes for one token.
   *
   * @param text at most {@link #longest} tokens
   * @param layer from 0
   * @param head from 0
   * @param query the token, from 0, special ones counted
   * @return every step, as the model computed it
   * @throws IllegalArgumentException for a layer, head or token that there is not, and for heads
   *     that compute something else than softmax over products of queries and keys
   * @throws dev.heed.tensor.ShapeException if the text is longer than {@link #longest}
   */
  public HeadSteps steps(String text, int layer, int head, int query) {
    Encoding encoding = checked(text);
    AttentionMap.require("query", query, encoding.size());
    Predicate<String> patterns = shown(model);
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(point -> patterns.test(point) || HeadSteps.needs("." + point))) {
      model.apply(input(model, encoding.ids()), trace);
      List<String> layers = trace.values().keySet().stream().filter(patterns).toList();
      AttentionMap.require("layer", layer, layers.size());
      String pattern = layers.get(layer);
      AttentionMap.require("head", head, Math.toIntExact(trace.value(pattern).size(1)));
      return HeadSteps.of(trace, pattern, head, query);
    }
  }

  /** The points of the layers that read the text. */
  static Predicate<String> shown(Model model) {
    return model.kind() == ModelKind.ENCODER_DECODER
        ? point -> AttentionMap.needs(point) && ("." + point).contains(".encoder.")
        : AttentionMap::needs;
  }

  static ModelInput input(Model model, long[] ids) {
    return input(model, Tensor.of(ids, 1, ids.length));
  }

  /**
   * Texts of one length, {@code [texts, tokens]}; what writes begins with any token, which its
   * reading half does not see.
   */
  static ModelInput input(Model model, Tensor ids) {
    ModelInput input = ModelInput.of("input_ids", ids);
    long texts = ids.size(0);
    return model.kind() == ModelKind.ENCODER_DECODER
        ? input.with("decoder_input_ids", Tensor.of(new long[(int) texts], texts, 1))
        : input;
  }

  /**
   * What stands before the attention of one layer: its input, and the attention itself.
   *
   * @param states {@code [1, tokens, size]}, owned by the current scope
   * @param attention the model's, as long as this is open
   */
  public record Entering(Tensor states, MultiHeadAttention attention) {}

  /**
   * Runs the model over one text as far as the attention of a layer.
   *
   * @param text at most {@link #longest} tokens
   * @param layer from 0, those without attention counted
   * @throws IllegalArgumentException for a layer that there is not, or that does not attend, and
   *     for a model whose mixers cannot be exchanged
   * @throws dev.heed.tensor.ShapeException if the text is longer than {@link #longest}
   */
  public Entering entering(String text, int layer) {
    long[] ids = checked(text).ids();
    List<Entering> found = new ArrayList<>();
    Model watched =
        model.withMixers((number, own) ->
            number != layer
                ? own
                : (x, request) -> {
                  found.add(new Entering(TensorScope.release(x.detach()), own));
                  return own.apply(x, request);
                });
    watched.changeRuns(model.runChange());
    try {
      return TensorScope.run(() -> {
        watched.apply(input(watched, ids), Trace.NONE);
        if (found.isEmpty()) {
          throw new IllegalArgumentException(
              "layer: expected one of " + layers.attending() + ", got " + layer);
        }
        Entering first = found.getFirst();
        return new Entering(first.states().alias(), first.attention());
      });
    } finally {
      found.forEach(one -> one.states().close());
    }
  }

  /**
   * Overwrites parameters with those of a checkpoint of this model's training, whose names may
   * stand below another path, as behind a head; what the checkpoint does not hold stays as it is.
   *
   * @param where named in errors
   * @throws CheckpointException if it holds none of the parameters, or one of another shape
   */
  public void assign(String where, WeightSource source) {
    Map<String, Tensor> own = model.parameters();
    List<String> names = List.copyOf(source.names());
    int assigned = 0;
    try (TensorScope scope = TensorScope.open()) {
      for (String name : names) {
        String below = name;
        while (!own.containsKey(below) && below.indexOf('.') >= 0) {
          below = below.substring(below.indexOf('.') + 1);
        }
        Tensor parameter = own.get(below);
        if (parameter == null) {
          continue;
        }
        Tensor value = source.read(name);
        if (!value.shape().equals(parameter.shape())) {
          throw new CheckpointException(
              Kind.VALUE,
              where + ", " + name,
              String.valueOf(parameter.shape()),
              String.valueOf(value.shape()),
              "Choose the model that was trained.");
        }
        Gradients.disabled(() -> parameter.assign(value));
        assigned++;
      }
    }
    if (assigned == 0) {
      throw new CheckpointException(
          Kind.VALUE,
          where,
          "parameters of this model",
          names.size() + " others, for example " + names.stream().findFirst().orElse("none"),
          "Choose the model that was trained; adapters alone cannot be shown.");
    }
  }

  /** Every layer's and head's weights over tokens as they are. */
  float[][][][] weights(long[] ids) {
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(shown(model))) {
      model.apply(input(model, ids), trace);
      return AttentionMap.weights(trace);
    }
  }

  /** How many tokens the model has positions for. */
  int positions() {
    return positions;
  }

  /** What it reads with. */
  Model model() {
    return model;
  }

  /** What it reads texts by. */
  Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public void close() {
    model.close();
  }
}
