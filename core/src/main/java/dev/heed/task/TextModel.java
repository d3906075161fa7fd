package dev.heed.task;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.model.ModelOutput;
import dev.heed.model.Places;
import dev.heed.model.RunChange;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.LibTorch;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint with a head that reads whole texts: what tasks that give no text have in common.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
final class TextModel implements AutoCloseable {
  private static final String TYPES = "token_type_ids";

  /** How vocabularies spell it whose files name no roles. */
  private static final List<String> MASKS = List.of("[MASK]", "<mask>");

  private final Model model;
  private final Tokenizer tokenizer;
  private final ModelConfig config;
  private final int longest;
  private final int padding;

  private TextModel(Model model, Tokenizer tokenizer, ModelConfig config) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.config = config;
    RunChange change = model.runChange();
    this.longest =
        Math.min(
            Places.longest(config) - (change == null ? 0 : change.positions()),
            tokenizer.settings().modelMaxLength().orElse(Integer.MAX_VALUE));
    this.padding = config.json().path("pad_token_id").asInt(-1);
  }

  /**
   * Loads a checkpoint; tokenizer and weights are read at the same time.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws CheckpointException for files that are missing or invalid, and for a model without the
   *     head for the task
   */
  static TextModel open(ModelFiles files, @Nullable DType dtype, Task task) {
    Objects.requireNonNull(files, "files: expected a model's files, got null; see ModelFiles");
    LibTorch.loadBeside();
    ModelConfig config = task.require(files);
    Supplier<Tokenizer> tokenizer = files.tokenizerBeside();
    ModelLoader loader = ModelLoader.of(files).packed();
    Model model = (dtype == null ? loader : loader.as(dtype)).load();
    try {
      return new TextModel(model, tokenizer.get(), config);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  ModelConfig config() {
    return config;
  }

  /** How many tokens of a text or pair are read, special ones included. */
  int longest() {
    return longest;
  }

  /** The token that hides a word, where there is one. */
  OptionalInt mask() {
    OptionalInt named = tokenizer.id(TokenRole.MASK);
    return named.isPresent()
        ? named
        : MASKS.stream()
            .map(tokenizer::id)
            .filter(OptionalInt::isPresent)
            .findFirst()
            .orElse(OptionalInt.empty());
  }

  /** A text, or a pair, cut to what the model reads. */
  Encoding encode(String text, @Nullable String pair) {
    return fit(text, pair).encoding();
  }

  /** The same, and whether it was cut. */
  FittedText fit(String text, @Nullable String pair) {
    Encoding whole = tokenizer.encode(text, pair, true);
    return new FittedText(whole.truncatedTo(longest), whole.size() > longest);
  }

  /** Several texts or pairs, side by side. */
  List<FittedText> fit(List<TextPair> texts) {
    FittedText[] fitted = new FittedText[texts.size()];
    SideBySide.run(fitted.length, i -> fitted[i] = texts.get(i).fit(this));
    return List.of(fitted);
  }

  /** Reads what a model says of one text. */
  @FunctionalInterface
  interface RowReader<R> {
    /**
     * Reads a row of a batch.
     *
     * @param output of the whole batch; places beyond the text's are padding
     * @param row the text's
     */
    R read(ModelOutput output, int row, Encoding text);
  }

  /** What the model says of one text. */
  <R> R read(Encoding text, RowReader<R> reader) {
    return read(List.of(text), reader).getFirst();
  }

  /** What the model says of texts, in their order; batches of about one length run side by side. */
  <R> List<R> read(List<Encoding> texts, RowReader<R> reader) {
    return read(texts, reader, done -> {});
  }

  /**
   * What the model says of texts, in their order.
   *
   * @param progress is told after each batch how many texts are done, by whichever thread ran it;
   *     what it throws ends the work
   */
  <R> List<R> read(List<Encoding> texts, RowReader<R> reader, IntConsumer progress) {
    List<int[]> batches =
        padding < 0
            ? alone(texts.size())
            : LengthBuckets.of(
                texts.stream().mapToInt(Encoding::size).toArray(), Backend.threads());
    Map<Integer, R> results = new ConcurrentHashMap<>();
    AtomicInteger done = new AtomicInteger();
    SideBySide.run(
        batches.size(),
        b -> {
          int[] batch = batches.get(b);
          try (TensorScope scope = TensorScope.inference()) {
            ModelOutput output =
                model.apply(input(Arrays.stream(batch).mapToObj(texts::get).toList()));
            for (int row = 0; row < batch.length; row++) {
              results.put(batch[row], reader.read(output, row, texts.get(batch[row])));
            }
          }
          synchronized (done) {
            progress.accept(done.addAndGet(batch.length));
          }
        });
    return IntStream.range(0, texts.size())
        .mapToObj(i -> Objects.requireNonNull(results.get(i)))
        .toList();
  }

  private static List<int[]> alone(int count) {
    return IntStream.range(0, count).mapToObj(i -> new int[] {i}).toList();
  }

  /** Rows of texts, filled at the end. */
  private ModelInput input(List<Encoding> texts) {
    int width = texts.stream().mapToInt(Encoding::size).max().orElse(0);
    long[] ids = new long[texts.size() * width];
    long[] types = new long[ids.length];
    long[] mask = new long[ids.length];
    Arrays.fill(ids, Math.max(0, padding));
    for (int row = 0; row < texts.size(); row++) {
      Encoding text = texts.get(row);
      System.arraycopy(text.ids(), 0, ids, row * width, text.size());
      System.arraycopy(text.typeIds(), 0, types, row * width, text.size());
      Arrays.fill(mask, row * width, row * width + text.size(), 1);
    }
    ModelInput input = ModelInput.of("input_ids", Tensor.of(ids, texts.size(), width));
    if (Arrays.stream(mask).anyMatch(there -> there == 0)) {
      input = input.with("attention_mask", Tensor.of(mask, texts.size(), width));
    }
    return Arrays.stream(types).allMatch(type -> type == 0)
        ? input
        : input.with(TYPES, Tensor.of(types, texts.size(), width)).offering(TYPES);
  }

  /** The numbers of a row of {@code [B, …]}, in double precision. */
  static double[] row(Tensor values, int row) {
    return values.select(0, row).to(DType.F64).contiguous().toDoubleArray();
  }

  @Override
  public void close() {
    model.close();
  }
}
