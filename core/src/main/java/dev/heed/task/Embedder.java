package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.LibTorch;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Sentence embeddings: vectors whose cosine says how alike two texts are.
 *
 * <p>A folder of sentence-transformers is read as it says: pooling, dense maps, length, prompts
 * (Reimers and Gurevych 2019). Any other encoder gives {@code e = m / ‖m‖} with m the mean of its
 * last states over the text's tokens. Texts are cut at the length the encoder was trained on,
 * batched by length, and computed without gradients; batches run side by side.
 */
public final class Embedder implements AutoCloseable {
  /**
   * Tasks of models that read images, sounds or series too, of which no vector of a text is made.
   */
  private static final Set<Task> READ_MORE =
      EnumSet.of(Task.MATCH, Task.SEE, Task.HEAR, Task.FORECAST);

  private static final String NO_TEXT = "text: expected a text, which may be empty, got null";
  private static final double SMALLEST_NORM = 1e-12;

  private final Model model;
  private final Tokenizer tokenizer;
  private final EmbeddingRecipe recipe;
  private final boolean packs;
  private final String prompt;
  private final int size;

  private Embedder(
      Model model,
      Tokenizer tokenizer,
      EmbeddingRecipe recipe,
      boolean packs,
      String prompt,
      int size) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.recipe = recipe;
    this.packs = packs;
    this.prompt = prompt;
    this.size = size;
  }

  /** The all-MiniLM-L6-v2 encoder that Heed's class path carries, in f32. */
  public static Embedder open() {
    return open(ModelFiles.embedded(), DType.F32);
  }

  /**
   * An encoder of any family that reads texts.
   *
   * @param dtype f32, or bf16 for speed: vectors then differ in the third decimal
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for files that are missing or invalid, and for
   *     what they ask for and Heed does not do
   */
  public static Embedder open(ModelFiles files, DType dtype) {
    Objects.requireNonNull(files, "files: expected a model's files, got null; see ModelFiles");
    LibTorch.loadBeside();
    EmbeddingFolder.Contents contents = EmbeddingFolder.read(files);
    EmbeddingRecipe recipe = contents.recipe();
    ModelFiles encoder = contents.encoder();
    Model model = null;
    try {
      ModelConfig config = new ModelConfig(encoder.describe(), encoder.json());
      ModelFamilies.Choice found = ModelFamilies.of(config);
      if (Task.of(found.architecture()).stream().anyMatch(READ_MORE::contains)) {
        throw config.unsupported(
            "architectures", "a model that reads texts alone", encoder.json().get("architectures"));
      }
      boolean packs = found.family().packsTexts();
      Supplier<Tokenizer> tokenizer = encoder.tokenizerBeside();
      model = ModelLoader.of(encoder).as(dtype).packed().bare().load();
      if (model.kind() == ModelKind.ENCODER_DECODER) {
        throw config.unsupported(
            "architectures", "an encoder or a decoder", encoder.json().get("architectures"));
      }
      Embedder probe = new Embedder(model, tokenizer.get(), recipe, packs, "", 0);
      String prompt = recipe.usualPrompt();
      int size = probe.pooled(List.of(new long[] {0}), 0).length;
      return new Embedder(model, probe.tokenizer, recipe, packs, prompt, size);
    } catch (RuntimeException e) {
      recipe.dense().forEach(map -> map.map().close());
      if (model != null) {
        model.close();
      }
      throw e;
    }
  }

  /**
   * The same with another prompt of its folder in front of every text, for example {@code query}.
   *
   * @return shares the model: close one of them
   * @throws IllegalArgumentException if the folder has no such prompt, with those it has
   */
  public Embedder withPrompt(String name) {
    String other = recipe.prompts().get(name);
    if (other == null) {
      throw new IllegalArgumentException(
          "prompt: expected one of " + recipe.prompts().keySet() + ", got " + name);
    }
    return new Embedder(model, tokenizer, recipe, packs, other, size);
  }

  /** The prompts of its folder by name. */
  public Map<String, String> prompts() {
    return Collections.unmodifiableMap(recipe.prompts());
  }

  /** Its tokenizer. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** How many numbers a vector has. */
  public int size() {
    return size;
  }

  /** How many tokens of a text are read, special ones included; the rest is cut. */
  public int longest() {
    return recipe.longest();
  }

  /**
   * The vector of one text.
   *
   * @throws NullPointerException for null, with what was expected
   */
  public float[] embed(String text) {
    return embed(Collections.singletonList(text)).getFirst();
  }

  /**
   * The vectors of texts, in their order.
   *
   * @throws NullPointerException for null, or a text that is null, with what was expected
   */
  public List<float[]> embed(List<String> texts) {
    return embed(texts, done -> {});
  }

  /**
   * The vectors of texts, in their order.
   *
   * @param progress is told after each batch how many texts are done, by whichever thread ran it
   */
  public List<float[]> embed(List<String> texts, IntConsumer progress) {
    return embedTokens(fit(texts).stream().map(Tokens::ids).toList(), progress);
  }

  /**
   * The tokens of a text as the encoder reads them.
   *
   * @param ids special ones included, no more than {@link #longest}
   * @param cut whether the text has more, so that only its beginning is read
   */
  public record Tokens(long[] ids, boolean cut) {}

  /** The tokens of a text as the encoder reads them, and whether they are all. */
  public Tokens fit(String text) {
    String whole = given(text);
    long[] ids = tokenizer.ids(whole, Integer.MAX_VALUE);
    return ids.length <= longest()
        ? new Tokens(ids, false)
        : new Tokens(tokenizer.encode(whole).truncatedTo(longest()).ids(), true);
  }

  /**
   * The same of several texts, in their order.
   *
   * @throws NullPointerException for null, or a text that is null, with what was expected
   */
  public List<Tokens> fit(List<String> texts) {
    Objects.requireNonNull(texts, "texts: expected a list, which may be empty, got null");
    texts.forEach(text -> Objects.requireNonNull(text, NO_TEXT));
    Tokens[] fitted = new Tokens[texts.size()];
    SideBySide.run(fitted.length, i -> fitted[i] = fit(texts.get(i)));
    return List.of(fitted);
  }

  /** The tokens of a text as the encoder reads them, special ones included, cut to its length. */
  public long[] tokens(String text) {
    return fit(text).ids();
  }

  private String given(String text) {
    String whole = prompt + Objects.requireNonNull(text, NO_TEXT);
    return recipe.lowercases() ? whole.toLowerCase(Locale.ROOT) : whole;
  }

  /** How many of a text's first tokens are the prompt's and do not count. */
  private int uncounted() {
    // The end of the prompt's own tokens is not the end of the text's.
    return recipe.countsPrompt() || prompt.isEmpty()
        ? 0
        : tokenizer.ids(prompt, longest()).length - 1;
  }

  /**
   * The vectors of tokenised texts, in their order.
   *
   * @param texts as {@link #tokens} gives them
   * @param progress as for {@link #embed(List, IntConsumer)}
   */
  public List<float[]> embedTokens(List<long[]> texts, IntConsumer progress) {
    float[][] vectors = new float[texts.size()][];
    List<int[]> batches =
        LengthBuckets.of(texts.stream().mapToInt(ids -> ids.length).toArray(), Backend.threads());
    int skip = uncounted();
    AtomicInteger done = new AtomicInteger();
    SideBySide.run(
        batches.size(),
        i -> {
          int[] batch = batches.get(i);
          float[] values = pooled(Arrays.stream(batch).mapToObj(texts::get).toList(), skip);
          for (int row = 0; row < batch.length; row++) {
            vectors[batch[row]] = Arrays.copyOfRange(values, row * size(), (row + 1) * size());
          }
          synchronized (done) {
            progress.accept(done.addAndGet(batch.length));
          }
        });
    return new ArrayList<>(Arrays.asList(vectors));
  }

  /**
   * Row by row the vectors of texts.
   *
   * @param skip first tokens of each that do not count
   */
  private float[] pooled(List<long[]> batch, int skip) {
    try (TensorScope scope = TensorScope.inference()) {
      TokenBatch tokens = TokenBatch.of(batch);
      Tensor states =
          packs
              ? tokens.unpacked(model.apply(tokens.endToEnd()).lastHiddenState())
              : model.apply(tokens.padded()).lastHiddenState();
      Tensor keep = tokens.keep(skip);
      Tensor exact = states.to(DType.F32);
      Tensor vector =
          Tensor.cat(recipe.pooling().stream().map(kind -> kind.apply(exact, keep)).toList(), -1);
      for (DenseMap map : recipe.dense()) {
        vector = map.apply(vector);
      }
      if (recipe.normalised()) {
        vector = vector.div(vector.norm(-1, true).clamp(SMALLEST_NORM, Double.POSITIVE_INFINITY));
      }
      return vector.toFloatArray();
    }
  }

  /**
   * The cosine of the angle between two vectors; 0 if one of them is zero.
   *
   * @throws IllegalArgumentException for vectors of two sizes
   */
  public static double similarity(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "similarity: expected vectors of one size, got " + a.length + " and " + b.length);
    }
    double sum = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    double lengths = Math.sqrt(lengthA) * Math.sqrt(lengthB);
    return lengths == 0 ? 0 : sum / lengths;
  }

  /**
   * The words of a text that make it like or unlike a query, by how the cosine falls without each.
   */
  public Evidence explain(String query, String text) {
    float[] wanted = embed(query);
    String read = given(text);
    Encoding whole = tokenizer.encode(read).truncatedTo(longest());
    return new Evidence(
        String.format(Locale.ROOT, "%.3f  %s", similarity(wanted, embed(text)), query),
        "How much the cosine falls without a word: strong colours make the text like the query.",
        List.of(
            new Evidence.Marked(
                "Words for and against",
                DecidingWords.of(
                    whole,
                    read,
                    "",
                    OptionalInt.empty(),
                    variants ->
                        embedTokens(variants.stream().map(Encoding::ids).toList(), done -> {})
                            .stream()
                            .mapToDouble(vector -> similarity(wanted, vector))
                            .toArray()))));
  }

  @Override
  public void close() {
    recipe.dense().forEach(map -> map.map().close());
    model.close();
  }
}
