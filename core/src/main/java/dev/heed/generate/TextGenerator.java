package dev.heed.generate;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.ContinuousBatch;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.Prompts;
import dev.heed.generate.search.Search;
import dev.heed.generate.search.SearchSettings;
import dev.heed.generate.search.StopCriterion;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelLoader;
import dev.heed.model.Places;
import dev.heed.tensor.DType;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Text in, text out: a model that writes, its tokenizer and its generation config.
 *
 * {@snippet :
 * try (TextGenerator writer = TextGenerator.open(Path.of("model"));
 *     TextStream text = writer.stream("Once upon a time", writer.settings())) {
 *   text.forEachRemaining(System.out::print);
 * }
 * }
 */
public final class TextGenerator implements AutoCloseable {
  private final Model model;
  private final Tokenizer tokenizer;
  private final GenerationConfig config;
  private final int context;
  private final @Nullable String filling;
  private @Nullable Model assistant;
  private @Nullable PromptCache cache;
  private boolean global;

  private TextGenerator(
      Model model, Tokenizer tokenizer, GenerationConfig config, ModelConfig modelConfig) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.config = config;
    this.context =
        model.kind() == ModelKind.DECODER
            ? Places.longest(modelConfig)
            : Places.longestWritten(modelConfig);
    this.filling = FillingDependence.of(modelConfig.json());
  }

  /**
   * Opens a checkpoint's folder or file, its weights as they are stored.
   *
   * @throws CheckpointException for missing, invalid or unsupported files
   * @throws IllegalArgumentException for a model that does not write
   */
  public static TextGenerator open(Path path) {
    return open(ModelFiles.folder(path), null);
  }

  /**
   * Opens a checkpoint, with the errors of {@link #open(Path)}.
   *
   * @param dtype what weights are converted to, or null for their own type
   */
  public static TextGenerator open(ModelFiles files, @Nullable DType dtype) {
    GenerationConfig config = config(files);
    Tokenizer tokenizer = files.tokenizer();
    Model model = load(files, dtype);
    if (model.kind() == ModelKind.ENCODER) {
      model.close();
      throw new IllegalArgumentException(
          files.describe()
              + ": expected a model that writes, a decoder or an encoder-decoder, got an encoder");
    }
    return new TextGenerator(
        model, tokenizer, config, new ModelConfig(files.describe(), files.json()));
  }

  private static Model load(ModelFiles files, @Nullable DType dtype) {
    ModelLoader loader = ModelLoader.of(files);
    return dtype == null ? loader.load() : loader.as(dtype).load();
  }

  /** What a checkpoint says of generation, in its own file or in its model's config. */
  public static GenerationConfig config(ModelFiles files) {
    JsonNode own = files.json("generation_config.json");
    return own != null
        ? GenerationConfig.of(files.describe() + ", generation_config.json", own)
        : GenerationConfig.ofModelConfig(files.describe(), files.json());
  }

  /**
   * Takes a smaller model of the same vocabulary that guesses ahead, which changes how fast a text
   * comes, not which. This generator owns it from now on.
   */
  public void assist(Model smaller) {
    assistant = smaller;
  }

  /**
   * Remembers the last texts, so that what a prompt has in common with them is not computed again.
   *
   * @param most most texts that are remembered
   */
  public void remember(int most) {
    if (cache != null) {
      cache.close();
    }
    cache = new PromptCache(most);
  }

  /**
   * Lets the first token of what an encoder of windows reads see all others and be seen by them, as
   * summaries are written by LED (Beltagy et al. 2020, section 5).
   */
  public void seeAllFromFirst() {
    global = true;
  }

  /**
   * What the encoder reads of a prompt, or a decoder goes on from.
   *
   * @param prompt its tokens
   * @return owned by the current scope
   */
  public ModelInput input(int[] prompt) {
    return input(List.of(prompt), 0);
  }

  private ModelInput input(List<int[]> prompts, int fill) {
    if (!reads()) {
      return PromptTensors.left(prompts, fill);
    }
    ModelInput input = PromptTensors.right(prompts, fill);
    return global ? PromptTensors.seeingAllFromFirst(input) : input;
  }

  /** How many tokens of prompts were known and not computed again. */
  public long reusedTokens() {
    return cache == null ? 0 : cache.reusedTokens();
  }

  /** The model. */
  public Model model() {
    return model;
  }

  /** How many tokens the model can hold, prompt and text together. */
  public int context() {
    return context;
  }

  /** Its tokenizer. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The tokenizer of what is written: a translator's may be another than that of what it reads. */
  private Tokenizer written() {
    return reads() ? tokenizer.target() : tokenizer;
  }

  /** Whether an encoder reads the prompt. */
  private boolean reads() {
    return model.kind() == ModelKind.ENCODER_DECODER;
  }

  /** What its files say of generation. */
  public GenerationConfig config() {
    return config;
  }

  /** What {@link #config} says by itself. */
  public SearchSettings settings() {
    return SearchSettings.of(config);
  }

  /** The tokens of a prompt, as the model was trained to read one. */
  public int[] tokens(String prompt) {
    return ints(tokenizer.encode(prompt).ids());
  }

  /** The tokens of a prompt that spells its own special tokens, as chat templates do. */
  public int[] templateTokens(String prompt) {
    return ints(tokenizer.encode(prompt, null, false).ids());
  }

  private static int[] ints(long[] ids) {
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * Begins a text.
   *
   * @param prompt what a decoder goes on from, or an encoder-decoder answers
   * @param settings of one result
   * @return owned by the caller
   * @throws IllegalArgumentException for an empty prompt, one that fills the model's context, or
   *     options that exclude each other
   */
  public TextStream stream(String prompt, SearchSettings settings) {
    return stream(tokens(prompt), settings);
  }

  /** Begins a text after tokens, with the errors of {@link #stream(String, SearchSettings)}. */
  public TextStream stream(int[] prompt, SearchSettings settings) {
    if (settings.config().search().numReturnSequences() != 1) {
      throw new IllegalArgumentException(
          "stream: expected num_return_sequences of 1, got "
              + settings.config().search().numReturnSequences());
    }
    boolean atOnce = settings.config().search().numBeams() > 1;
    return new TextStream(start(List.of(prompt), settings), written(), stops(settings), atOnce);
  }

  /** Texts for subscribers, each begun as by {@link #stream(String, SearchSettings)}. */
  public Flow.Publisher<String> publisher(String prompt, SearchSettings settings) {
    return new TextPublisher(() -> stream(prompt, settings));
  }

  /**
   * Writes texts for several prompts at once.
   *
   * @return for each prompt its results, best first
   * @throws IllegalArgumentException as {@link #stream(String, SearchSettings)}
   */
  public List<List<Completion>> generate(List<String> prompts, SearchSettings settings) {
    return generateTokens(prompts.stream().map(this::tokens).toList(), settings);
  }

  /** The same for prompts that are tokens already, with the errors of {@link #generate}. */
  public List<List<Completion>> generateTokens(List<int[]> prompts, SearchSettings settings) {
    try (Search search = start(prompts, settings)) {
      search.finish();
      return TextStream.all(search, written(), stops(settings));
    }
  }

  /**
   * The same for any number of prompts, at most so many side by side. Where the search is greedy, a
   * text that ends makes room for the next one.
   *
   * @param most most texts at once
   */
  public List<List<Completion>> generateTokens(
      List<int[]> prompts, SearchSettings settings, int most) {
    if (prompts.size() > 1 && joins(settings)) {
      return joined(prompts, settings, most);
    }
    List<List<Completion>> all = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += most) {
      List<int[]> part = prompts.subList(from, Math.min(prompts.size(), from + most));
      all.addAll(generateTokens(part, settings));
    }
    return all;
  }

  /** Whether a {@link #batch} gives the same, which draws alike for each of its texts. */
  private boolean joins(SearchSettings settings) {
    GenerationConfig own = settings.config();
    return filling == null
        && assistant == null
        && own.draft().promptLookupNumTokens() == null
        && own.cache().bytes() == null
        && own.lengths().maxTime() == null
        && !own.sampling().doSample()
        && ContinuousBatch.takes(settings);
  }

  private List<List<Completion>> joined(List<int[]> prompts, SearchSettings settings, int most) {
    try (ContinuousBatch batch = batch(most)) {
      List<CompletableFuture<Completion>> results =
          prompts.stream()
              .map(prompt -> submit(batch, prompt, settings, TextListener.NONE))
              .toList();
      while (batch.step()) {}
      return results.stream().map(result -> List.of(ContinuousBatch.result(result))).toList();
    }
  }

  /**
   * A batch that texts join and leave at any time; its steps are taken by whoever needs a result.
   * After {@link #remember}, what a prompt that enters a decoder alone has in common with earlier
   * ones is not computed again. An encoder reads each prompt by itself.
   *
   * @param most most texts at once
   * @return owned by the caller
   * @throws IllegalArgumentException for a model that would not write in a batch what it writes
   *     alone
   */
  public ContinuousBatch batch(int most) {
    if (filling != null) {
      throw new IllegalArgumentException(
          "batch: expected a decoder whose rows do not depend on each other, got one with "
              + filling
              + "; write its texts one by one");
    }
    ModelInput none = ModelInput.of(Map.of());
    return new ContinuousBatch(
        prompts -> new ModelDecoder(model, prompts, none).learning(cache), most);
  }

  /**
   * Asks a batch of this generator for a text.
   *
   * @throws IllegalArgumentException as {@link #stream(String, SearchSettings)}
   */
  public CompletableFuture<Completion> submit(
      ContinuousBatch batch, String prompt, SearchSettings settings) {
    return submit(batch, tokens(prompt), settings, TextListener.NONE);
  }

  /**
   * Asks a batch of this generator for the text after tokens.
   *
   * @param listener is told each token by the thread that takes the batch's steps
   * @throws IllegalArgumentException as {@link #stream(String, SearchSettings)}
   */
  public CompletableFuture<Completion> submit(
      ContinuousBatch batch, int[] prompt, SearchSettings settings, TextListener listener) {
    requireTokens(prompt);
    if (settings.config().cache().bytes() != null) {
      throw new IllegalArgumentException(
          "cache_implementation: expected keys and values as they are in a batch that texts share,"
              + " got quantized; write such texts one by one");
    }
    SearchSettings full = textual(fitted(List.of(prompt), settings));
    StopStrings stops = stops(settings);
    int[] begun = reads() ? new int[] {full.config().tokens().decoderStart()} : prompt;
    TextPieces pieces = new TextPieces(written(), Tokens.of(begun), stops);
    IntConsumer each = token -> listener.token(token, pieces.add(token));
    CompletableFuture<Generated> result =
        reads()
            ? batch.submit(
                begun,
                full.withEncoderInputs(List.of(Tokens.of(prompt))),
                each,
                prompts -> reading(prompt, prompts))
            : batch.submit(begun, full, each);
    CompletableFuture<Completion> text =
        result.thenApply(one -> TextStream.completion(one, written(), stops));
    text.whenComplete((done, failure) -> {
      if (text.isCancelled()) {
        result.cancel(false);
      }
    });
    return text;
  }

  /** A decoder of what answers one prompt. */
  private ModelDecoder reading(int[] prompt, Prompts begun) {
    try (TensorScope scope = TensorScope.open()) {
      return new ModelDecoder(model, begun, input(prompt));
    }
  }

  private static void requireTokens(int[] prompt) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException(
          "prompt: expected a token or more, got none; this tokenizer begins no text by itself");
    }
  }

  private StopStrings stops(SearchSettings settings) {
    return new StopStrings(written(), settings.config().lengths().stopStrings());
  }

  private Search start(List<int[]> prompts, SearchSettings settings) {
    boolean even = prompts.stream().mapToInt(prompt -> prompt.length).distinct().count() <= 1;
    int fill = even ? 0 : settings.config().tokens().padding();
    prompts.forEach(TextGenerator::requireTokens);
    SearchSettings full = textual(fitted(prompts, settings));
    try (TensorScope scope = TensorScope.open()) {
      return new Generator(model, assistant, cache).start(input(prompts, fill), full);
    }
  }

  /** With the stop strings, and without tokens that have no text. */
  private SearchSettings textual(SearchSettings settings) {
    List<LogitsProcessor> own = new ArrayList<>(settings.own());
    own.add(new SpelledTokens(written()));
    StopStrings strings = stops(settings);
    List<StopCriterion> all = new ArrayList<>(settings.stops());
    if (!strings.texts().isEmpty()) {
      all.add(strings);
    }
    return settings.withOwn(own).withStops(all);
  }

  /** The same within the model's context. */
  private SearchSettings fitted(List<int[]> prompts, SearchSettings settings) {
    int given = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
    // what an encoder reads is no part of what its decoder writes
    int longest = model.kind() == ModelKind.DECODER ? given : 1;
    if (longest >= context) {
      throw new IllegalArgumentException(
          "prompt: expected fewer tokens than the model's " + context + ", got " + longest);
    }
    if (context == Integer.MAX_VALUE) {
      return settings;
    }
    int limit = settings.config().lengths().limit(longest);
    return limit <= context
        ? settings
        : settings.withConfig(settings.config().with("max_new_tokens", context - longest));
  }

  @Override
  public void close() {
    if (cache != null) {
      cache.close();
    }
    if (assistant != null) {
      assistant.close();
    }
    model.close();
  }
}
