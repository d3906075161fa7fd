package dev.heed.task;

import dev.heed.model.ModelFiles;
import dev.heed.model.bert.BertInput;
import dev.heed.model.bert.BertModel;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Sentence embeddings: vectors of length 1 whose product says how alike two texts are.
 *
 * <p>{@code e = m / ‖m‖} with m the mean of the encoder's last states over the text's tokens
 * (Reimers and Gurevych 2019, section 3, "MEAN"), as all-MiniLM-L6-v2 was trained. Texts are cut at
 * the length the encoder was trained on, batched by length, and computed without gradients.
 */
public final class Embedder implements AutoCloseable {
  private static final double SMALLEST_NORM = 1e-12;

  private final BertModel model;
  private final Tokenizer tokenizer;
  private final int longest;

  private Embedder(BertModel model, Tokenizer tokenizer, int longest) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.longest = longest;
  }

  /** The all-MiniLM-L6-v2 encoder that Heed's class path carries, in f32. */
  public static Embedder open() {
    return open(ModelFiles.embedded(), DType.F32);
  }

  /**
   * An encoder of the BERT family.
   *
   * @param dtype f32, or bf16 for speed: vectors then differ in the third decimal
   * @throws dev.heed.checkpoint.CheckpointException for files that are missing or invalid
   */
  public static Embedder open(ModelFiles files, DType dtype) {
    BertModel model = BertModel.load(files, dtype);
    try {
      int longest = Math.min(files.longestSentence(), model.config().maxPositionEmbeddings());
      return new Embedder(model, files.tokenizer(), longest);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** How many numbers a vector has. */
  public int size() {
    return model.config().hiddenSize();
  }

  /** The vector of one text. */
  public float[] embed(String text) {
    return embed(List.of(text)).getFirst();
  }

  /** The vectors of texts, in their order. */
  public List<float[]> embed(List<String> texts) {
    return embed(texts, done -> {});
  }

  /**
   * The vectors of texts, in their order.
   *
   * @param progress is told after each batch how many texts are done
   */
  public List<float[]> embed(List<String> texts, IntConsumer progress) {
    return embedTokens(texts.stream().map(this::tokens).toList(), progress);
  }

  /** The tokens of a text as the encoder reads them, special ones included, cut to its length. */
  public long[] tokens(String text) {
    return tokenizer.ids(text, longest);
  }

  /**
   * The vectors of tokenised texts, in their order.
   *
   * @param texts as {@link #tokens} gives them
   * @param progress as for {@link #embed(List, IntConsumer)}
   */
  public List<float[]> embedTokens(List<long[]> texts, IntConsumer progress) {
    float[][] vectors = new float[texts.size()][];
    int done = 0;
    for (int[] batch : LengthBuckets.of(texts.stream().mapToInt(ids -> ids.length).toArray())) {
      List<long[]> ids = Arrays.stream(batch).mapToObj(texts::get).toList();
      float[] values = pooled(ids);
      for (int row = 0; row < batch.length; row++) {
        vectors[batch[row]] = Arrays.copyOfRange(values, row * size(), (row + 1) * size());
      }
      done += batch.length;
      progress.accept(done);
    }
    return new ArrayList<>(Arrays.asList(vectors));
  }

  private float[] pooled(List<long[]> batch) {
    try (TensorScope scope = TensorScope.inference()) {
      BertInput input = input(batch);
      Tensor states = model.apply(input, Trace.NONE).hidden().to(DType.F32);
      Tensor mean = input.mask() == null ? states.mean(1, false) : maskedMean(states, input.mask());
      Tensor norm = mean.norm(-1, true).clamp(SMALLEST_NORM, Double.POSITIVE_INFINITY);
      return mean.div(norm).toFloatArray();
    }
  }

  private static Tensor maskedMean(Tensor states, Tensor mask) {
    Tensor real = mask.to(DType.F32).unsqueeze(-1);
    return states.mul(real).sum(1, false).div(real.sum(1, false));
  }

  private static BertInput input(List<long[]> batch) {
    int length = batch.stream().mapToInt(ids -> ids.length).max().orElse(0);
    long[] ids = new long[batch.size() * length];
    boolean[] mask = new boolean[ids.length];
    boolean padded = false;
    for (int row = 0; row < batch.size(); row++) {
      long[] text = batch.get(row);
      System.arraycopy(text, 0, ids, row * length, text.length);
      Arrays.fill(mask, row * length, row * length + text.length, true);
      padded |= text.length < length;
    }
    return new BertInput(
        Tensor.of(ids, batch.size(), length),
        padded ? Tensor.of(mask, batch.size(), length) : null,
        null);
  }

  /** The product of two vectors: the cosine of their angle, as both have length 1. */
  public static double similarity(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Override
  public void close() {
    model.close();
    tokenizer.close();
  }
}
