package dev.heed.task;

import dev.heed.evaluate.TextLikelihood;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
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
 * Says how probable a model finds texts: {@code ln p} of each token.
 *
 * <ul>
 *   <li>A decoder: of each token after those before it. The first is predicted where the tokenizer
 *       begins texts with a token of its own; else it is given. A text longer than the model's
 *       context is read in windows that overlap by half, each token predicted once, after at least
 *       half a context where there is so much.
 *   <li>A model of hidden words: of each token given all others, its pseudo-log-likelihood (Salazar
 *       et al., ACL 2020, section 2.1); comparable between such models alone.
 *   <li>An encoder-decoder: of each token of a second text after those before it, given a first
 *       one.
 * </ul>
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class TextScorer implements AutoCloseable {
  /** What is asked, by the kind of model: one of these. */
  private sealed interface Asked extends AutoCloseable {
    /** A decoder. */
    record Following(Model model, Tokenizer tokenizer, int context) implements Asked {
      @Override
      public void close() {
        model.close();
      }
    }

    /** An encoder-decoder. */
    record Given(Model model, Tokenizer tokenizer, int read, int written) implements Asked {
      @Override
      public void close() {
        model.close();
      }
    }

    /** A model of hidden words. */
    record Hidden(HiddenTokens tokens) implements Asked {
      @Override
      public void close() {
        tokens.close();
      }
    }

    @Override
    void close();
  }

  private final Asked asked;

  private TextScorer(Asked asked) {
    this.asked = asked;
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
   *     for a model that gives words no probability
   * @throws IllegalArgumentException for a model of hidden words whose tokenizer has no mask
   */
  public static TextScorer open(ModelFiles files, @Nullable DType dtype) {
    LibTorch.loadBeside();
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    String architecture = ModelFamilies.of(config).architecture();
    if (!Task.GENERATE.fits(architecture) && Task.FILL.fits(architecture)) {
      TextModel hidden = TextModel.open(files, dtype, Task.FILL);
      try {
        return new TextScorer(new Asked.Hidden(new HiddenTokens(hidden)));
      } catch (RuntimeException e) {
        hidden.close();
        throw e;
      }
    }
    Task.GENERATE.require(files);
    Supplier<Tokenizer> tokenizer = files.tokenizerBeside();
    ModelLoader loader = ModelLoader.of(files).packed();
    Model model = (dtype == null ? loader : loader.as(dtype)).load();
    try {
      int longest = Places.longest(config);
      return new TextScorer(
          model.kind() == ModelKind.ENCODER_DECODER
              ? new Asked.Given(model, tokenizer.get(), longest, Places.longestWritten(config))
              : new Asked.Following(model, tokenizer.get(), longest));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Whether it says how probable a text is given another: an encoder-decoder. */
  public boolean needsSource() {
    return asked instanceof Asked.Given;
  }

  /**
   * The natural log-probabilities of a text's tokens, in order. A decoder's are one less than there
   * are tokens, those that the tokenizer begins with included; of a model of hidden words one for
   * each token that is the text's own.
   *
   * @throws IllegalArgumentException for a model that needs a source
   */
  public double[] logProbabilities(String text) {
    return switch (asked) {
      case Asked.Following decoder -> following(decoder, text);
      case Asked.Hidden hidden -> hidden.tokens().logProbabilities(text);
      case Asked.Given _ ->
          throw new IllegalArgumentException(
              "text: expected two, a source and what is written of it, since the model is an"
                  + " encoder-decoder, got one");
    };
  }

  /**
   * The natural log-probabilities of the tokens that an encoder-decoder would write, in order, the
   * end token's included.
   *
   * @param source what the encoder reads
   * @param target what it should write
   * @throws IllegalArgumentException for another model, and for texts longer than it reads
   */
  public double[] logProbabilities(String source, String target) {
    if (!(asked instanceof Asked.Given given)) {
      throw new IllegalArgumentException(
          "text: expected one, since the model reads no source, got two");
    }
    long[] read = given.tokenizer().encode(source, null, true).ids();
    long[] written = given.tokenizer().target().encode(target, null, true).ids();
    requireRoom("source", read.length, given.read());
    requireRoom("target", written.length, given.written());
    try (TensorScope scope = TensorScope.inference()) {
      Tensor labels = Tensor.of(written, 1, written.length);
      return of(
          given
              .model()
              .apply(
                  ModelInput.of("input_ids", Tensor.of(read, 1, read.length))
                      .with("labels", labels))
              .logits(),
          written);
    }
  }

  private static void requireRoom(String what, int tokens, int most) {
    if (tokens > most) {
      throw new IllegalArgumentException(
          what + ": expected at most " + most + " tokens, got " + tokens);
    }
  }

  private static double[] following(Asked.Following decoder, String text) {
    int context = decoder.context();
    long[] ids = decoder.tokenizer().encode(text).ids();
    double[] all = new double[Math.max(0, ids.length - 1)];
    int done = 0;
    while (done < all.length) {
      int from = done == 0 ? 0 : Math.max(0, done + 1 - (context + 1) / 2);
      int to = (int) Math.min((long) from + context, all.length);
      double[] part = predict(decoder.model(), ids, from, to);
      System.arraycopy(part, done - from, all, done, to - done);
      done = to;
    }
    return all;
  }

  /** How probable each token in {@code (from, to]} is after those from {@code from} on. */
  private static double[] predict(Model model, long[] ids, int from, int to) {
    try (TensorScope scope = TensorScope.inference()) {
      long[] read = Arrays.copyOfRange(ids, from, to);
      return of(
          model.apply(ModelInput.of("input_ids", Tensor.of(read, 1, read.length))).logits(),
          Arrays.copyOfRange(ids, from + 1, to + 1));
    }
  }

  /**
   * What scores say of tokens.
   *
   * @param logits {@code [1, T, V]}
   * @param tokens the right one of each place
   */
  private static double[] of(Tensor logits, long[] tokens) {
    return logits
        .select(0, 0)
        .to(DType.F64)
        .logSoftmax(-1)
        .gather(-1, Tensor.of(tokens, tokens.length, 1))
        .contiguous()
        .toDoubleArray();
  }

  /** How probable a text is, comparable between tokenizers where it is by byte. */
  public TextLikelihood score(String text) {
    return TextLikelihood.of(text, logProbabilities(text));
  }

  /** How probable a text is given another; see {@link #logProbabilities(String, String)}. */
  public TextLikelihood score(String source, String target) {
    return TextLikelihood.of(target, logProbabilities(source, target));
  }

  @Override
  public void close() {
    asked.close();
  }
}
