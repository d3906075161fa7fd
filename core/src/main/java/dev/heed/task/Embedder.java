package dev.heed.task;

import dev.heed.model.ModelFiles;
import dev.heed.model.bert.BertInput;
import dev.heed.model.bert.BertModel;
import dev.heed.nn.Trace;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Sentence embeddings: vectors of length 1 whose product says how alike two texts are.
 *
 * <p>{@code e = m / ‖m‖} with m the mean of the encoder's last states over the text's tokens
 * (Reimers and Gurevych 2019, section 3, "MEAN"), as all-MiniLM-L6-v2 was trained. Texts are cut at
 * the length the encoder was trained on, batched end to end without padding, and computed without
 * gradients; batches run side by side.
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
    BertModel model = BertModel.forInference(files, dtype);
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

  /** How many tokens of a text are read, special ones included; the rest is cut. */
  public int longest() {
    return longest;
  }

  /** Whether a text is longer than {@link #longest}, so that only its beginning is read. */
  public boolean cuts(String text) {
    return tokenizer.ids(text, Integer.MAX_VALUE).length > longest;
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
   * @param progress is told after each batch how many texts are done, by whichever thread ran it
   */
  public List<float[]> embed(List<String> texts, IntConsumer progress) {
    long[][] ids = new long[texts.size()][];
    SideBySide.run(ids.length, i -> ids[i] = tokens(texts.get(i)));
    return embedTokens(List.of(ids), progress);
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
    List<int[]> batches =
        LengthBuckets.of(texts.stream().mapToInt(ids -> ids.length).toArray(), Backend.threads());
    AtomicInteger done = new AtomicInteger();
    SideBySide.run(
        batches.size(),
        i -> {
          int[] batch = batches.get(i);
          float[] values = pooled(Arrays.stream(batch).mapToObj(texts::get).toList());
          for (int row = 0; row < batch.length; row++) {
            vectors[batch[row]] = Arrays.copyOfRange(values, row * size(), (row + 1) * size());
          }
          synchronized (done) {
            progress.accept(done.addAndGet(batch.length));
          }
        });
    return new ArrayList<>(Arrays.asList(vectors));
  }

  /** Row by row the vectors of texts that go through the encoder end to end. */
  private float[] pooled(List<long[]> batch) {
    try (TensorScope scope = TensorScope.inference()) {
      Tensor states =
          model.apply(BertInput.endToEnd(batch), Trace.NONE).hidden().squeeze(0).to(DType.F32);
      Tensor mean = meanOfEach(states, batch.stream().mapToInt(ids -> ids.length).toArray());
      Tensor norm = mean.norm(-1, true).clamp(SMALLEST_NORM, Double.POSITIVE_INFINITY);
      return mean.div(norm).toFloatArray();
    }
  }

  /** The mean of the first rows, of those after them, and so on: {@code [texts, size]}. */
  private static Tensor meanOfEach(Tensor states, int[] lengths) {
    long[] owner = new long[Arrays.stream(lengths).sum()];
    float[] share = new float[lengths.length];
    int from = 0;
    for (int text = 0; text < lengths.length; text++) {
      Arrays.fill(owner, from, from + lengths[text], text);
      share[text] = 1f / Math.max(1, lengths[text]);
      from += lengths[text];
    }
    Tensor zeros = Tensor.zeros(Shape.of(lengths.length, states.size(-1)), DType.F32);
    return zeros.indexAdd(0, Tensor.of(owner), states).mul(Tensor.of(share, share.length, 1));
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
  }
}
