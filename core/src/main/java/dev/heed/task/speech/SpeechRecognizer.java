package dev.heed.task.speech;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundProcessor;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelLoader;
import dev.heed.model.SoundInput;
import dev.heed.task.Task;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what is said, with the time of every word: by letters (wav2vec 2.0 and its
 * descendants with a CTC head), or by a model that reads the sound and writes (Whisper,
 * Speech2Text, Moonshine).
 *
 * <p>A long sound is heard in windows that overlap. Letters have the times of their frames; written
 * words those at which the model's cross-attention turns to them, found by dynamic time warping.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class SpeechRecognizer implements AutoCloseable {
  /** Columns of a picture. */
  private static final int MOST_MOMENTS = 48;

  private final Hearing hearing;

  private SpeechRecognizer(Hearing hearing) {
    this.hearing = hearing;
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static SpeechRecognizer open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint: weights, tokenizer and {@code preprocessor_config.json}.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws CheckpointException for missing, invalid or unsupported files, and for a model that
   *     does not hear speech
   */
  public static SpeechRecognizer open(ModelFiles files, @Nullable DType dtype) {
    Task.HEAR.require(files);
    SoundProcessor processor = SoundInput.processor(files);
    ModelLoader loader = ModelLoader.of(files);
    Model model = (dtype == null ? loader : loader.as(dtype)).load();
    try {
      return new SpeechRecognizer(
          model.kind() == ModelKind.ENCODER_DECODER
              ? new WritingHearing(model, processor, files)
              : new CtcHearing(model, processor, files));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** What is said in a sound, by {@link SpeechSettings#DEFAULT}. */
  public Transcript recognize(Sound sound) {
    return recognize(sound, SpeechSettings.DEFAULT);
  }

  /**
   * What is said in a sound.
   *
   * @throws IllegalArgumentException for settings that this model has no meaning for
   * @throws dev.heed.tensor.ShapeException for a sound too short for the model
   */
  public Transcript recognize(Sound sound, SpeechSettings settings) {
    return recognize(sound, settings, share -> {});
  }

  /**
   * What is said in a sound, with the errors of {@link #recognize(Sound, SpeechSettings)}.
   *
   * @param heard is told, window after window, how much of the sound was heard, from 0 to 1
   */
  public Transcript recognize(Sound sound, SpeechSettings settings, DoubleConsumer heard) {
    return transcript(sound, hear(sound, settings, false, heard));
  }

  private Heard hear(Sound sound, SpeechSettings settings, boolean looking, DoubleConsumer heard) {
    return hearing.hear(sound.mixedAt(hearing.rate()), settings, looking, heard);
  }

  private static Transcript transcript(Sound sound, Heard heard) {
    return new Transcript(
        heard.text(),
        heard.language(),
        seconds(sound),
        heard.words().stream().map(Heard.Word::spoken).toList(),
        heard.segments());
  }

  private static double seconds(Sound sound) {
    return (double) sound.length() / sound.rate();
  }

  /**
   * Where in the sound the model looked for each word: its cross-attention, or for letters the
   * self-attention of the word's frames in the last layer; heads are averaged, and each word's row
   * is relative to its strongest moment.
   *
   * @throws IllegalArgumentException as {@link #recognize(Sound, SpeechSettings)}
   */
  public Evidence explain(Sound sound, SpeechSettings settings) {
    Heard heard = hear(sound, settings, true, share -> {});
    double seconds = seconds(sound);
    int moments = (int) Math.clamp(Math.ceil(seconds * 20), 1, MOST_MOMENTS);
    double[][] said = new double[heard.words().size()][moments];
    double[][] seen = new double[said.length][];
    for (int i = 0; i < said.length; i++) {
      Heard.Word word = heard.words().get(i);
      seen[i] = pooled(word, seconds, moments);
      for (int m = 0; m < moments; m++) {
        double from = Math.max(word.spoken().start(), m * seconds / moments);
        double to = Math.min(word.spoken().end(), (m + 1) * seconds / moments);
        said[i][m] = Math.max(0, to - from) * moments / seconds;
      }
    }
    List<String> rows = heard.words().stream().map(word -> word.spoken().text()).toList();
    List<String> columns =
        IntStream.range(0, moments)
            .mapToObj(m -> String.format(Locale.ROOT, "%.2f", m * seconds / moments))
            .toList();
    return new Evidence(
        heard.text(),
        "Columns are moments of the sound, in seconds. Attention is the mean of the heads, relative"
            + " to each word's strongest moment.",
        List.of(
            new Aligned("When each word is said", rows, columns, said),
            new Aligned("What each word attends to", rows, columns, seen)));
  }

  /** A word's attention by moment, its strongest 1. */
  private static double[] pooled(Heard.Word word, double seconds, int moments) {
    double[] sums = new double[moments];
    for (int i = 0; i < word.attention().length; i++) {
      double middle = word.origin() + (i + 0.5) * word.step();
      int moment = (int) (middle / seconds * moments);
      if (moment < moments) {
        sums[moment] += word.attention()[i];
      }
    }
    double most = 0;
    for (double sum : sums) {
      most = Math.max(most, sum);
    }
    for (int m = 0; m < moments && most > 0; m++) {
      sums[m] /= most;
    }
    return sums;
  }

  @Override
  public void close() {
    hearing.close();
  }
}
