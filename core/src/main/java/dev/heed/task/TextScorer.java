package dev.heed.task;

import dev.heed.evaluate.TextLikelihood;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.model.Places;
import dev.heed.tensor.DType;
import dev.heed.tensor.LibTorch;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says how probable a language model finds texts: {@code ln p} of each token after those before it.
 *
 * <p>The first token is predicted where the tokenizer begins texts with a token of its own; else it
 * is given. A text longer than the model's context is read in windows that overlap by half, each
 * token predicted once, after at least half a context where there is so much.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class TextScorer implements AutoCloseable {
  private final Model model;
  private final Tokenizer tokenizer;
  private final int context;

  private TextScorer(Model model, Tokenizer tokenizer, int context) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.context = context;
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static TextScorer open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model that does not write on
   */
  public static TextScorer open(ModelFiles files, @Nullable DType dtype) {
    LibTorch.loadBeside();
    ModelConfig config = Task.COMPLETE.require(files);
    Supplier<Tokenizer> tokenizer = files.tokenizerBeside();
    ModelLoader loader = ModelLoader.of(files).packed();
    Model model = (dtype == null ? loader : loader.as(dtype)).load();
    try {
      return new TextScorer(model, tokenizer.get(), Places.longest(config));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * The natural log-probabilities of a text's tokens, in order: one less than it has tokens, those
   * that the tokenizer begins with included.
   */
  public double[] logProbabilities(String text) {
    long[] ids = tokenizer.encode(text).ids();
    double[] all = new double[Math.max(0, ids.length - 1)];
    int done = 0;
    while (done < all.length) {
      int from = done == 0 ? 0 : Math.max(0, done + 1 - (context + 1) / 2);
      int to = (int) Math.min((long) from + context, all.length);
      double[] part = predict(ids, from, to);
      System.arraycopy(part, done - from, all, done, to - done);
      done = to;
    }
    return all;
  }

  /** How probable each token in {@code (from, to]} is after those from {@code from} on. */
  private double[] predict(long[] ids, int from, int to) {
    try (TensorScope scope = TensorScope.inference()) {
      long[] read = Arrays.copyOfRange(ids, from, to);
      long[] next = Arrays.copyOfRange(ids, from + 1, to + 1);
      Tensor logs =
          model
              .apply(ModelInput.of("input_ids", Tensor.of(read, 1, read.length)))
              .logits()
              .select(0, 0)
              .to(DType.F64)
              .logSoftmax(-1);
      return logs.gather(-1, Tensor.of(next, next.length, 1)).contiguous().toDoubleArray();
    }
  }

  /** How probable a text is, comparable between tokenizers where it is by byte. */
  public TextLikelihood score(String text) {
    return TextLikelihood.of(text, logProbabilities(text));
  }

  @Override
  public void close() {
    model.close();
  }
}
