package dev.heed.task.speech;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundBatch;
import dev.heed.audio.SoundProcessor;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.model.SoundInput;
import dev.heed.nn.Trace;
import dev.heed.task.speech.CtcPath.Span;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Hears a letter, or none, in every frame, and reads words off the likeliest ones. */
final class CtcHearing implements Hearing {
  private final Model model;
  private final DType type;
  private final SoundProcessor processor;
  private final Tokenizer tokenizer;
  private final SoundInput input;
  private final int step;
  private final int blank;
  private final int delimiter;

  CtcHearing(Model model, SoundProcessor processor, ModelFiles files) {
    this.model = model;
    this.type = SoundInput.type(model);
    this.processor = processor;
    this.tokenizer = files.tokenizer();
    JsonNode config = files.json();
    boolean banks = config.path("model_type").asString("").equals("wav2vec2-bert");
    this.input = SoundInput.of(files);
    this.step = step(config, files.json("preprocessor_config.json"), banks, processor.rate());
    this.blank = config.path("pad_token_id").asInt(0);
    JsonNode words = files.json("tokenizer_config.json");
    String between = words == null ? "|" : words.path("word_delimiter_token").asString("|");
    this.delimiter = tokenizer.id(between).orElse(-1);
  }

  /** How many samples lie between two states: all strides together. */
  private static int step(JsonNode config, @Nullable JsonNode front, boolean banks, int rate) {
    long step = 1;
    if (banks) {
      // Filter banks have a frame every hundredth of a second, some of which are joined.
      step = rate / 100L * (front == null ? 2 : front.path("stride").asInt(2));
    } else if (config.path("conv_stride").isArray()) {
      for (JsonNode stride : config.path("conv_stride")) {
        step *= stride.asInt(1);
      }
    } else {
      step = 320;
    }
    if (config.path("add_adapter").asBoolean(false)) {
      int layers = config.path("num_adapter_layers").asInt(banks ? 1 : 3);
      for (int i = 0; i < layers; i++) {
        step *= config.path("adapter_stride").asInt(2);
      }
    }
    return Math.toIntExact(step);
  }

  @Override
  public int rate() {
    return processor.rate();
  }

  @Override
  public Heard hear(
      float[] samples, SpeechSettings settings, boolean looking, DoubleConsumer share) {
    if (settings.language() != null || settings.translate() || settings.timestamps()) {
      throw new IllegalArgumentException(
          "this model hears letters: expected no language, translation or timestamps of its own,"
              + " got "
              + settings);
    }
    List<Frames> heard = new ArrayList<>();
    double frames = (double) rate() / step;
    for (Piece piece : settings.windows(0, frames).of(samples.length, rate(), step)) {
      heard.add(frames(samples, piece, looking));
      share.accept((double) piece.keepTo() / samples.length);
    }
    return decode(heard);
  }

  /**
   * The frames of a piece that count.
   *
   * @param letters the likeliest class of each
   * @param logProbabilities of it
   * @param first the first one's number in the whole sound
   * @param skipped frames of the piece before it
   * @param attention of all frames of the piece, or empty
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, compared by nobody
  private record Frames(
      int[] letters, double[] logProbabilities, int first, int skipped, double[][] attention) {}

  private Frames frames(float[] samples, Piece piece, boolean looking) {
    try (TensorScope scope = TensorScope.inference()) {
      float[] part = Arrays.copyOfRange(samples, piece.from(), piece.to());
      SoundBatch batch = processor.process(List.of(Sound.mono(rate(), part)));
      ModelOutput output =
          model.apply(input.of(batch, type), Trace.NONE, new Wanted(false, looking));
      Tensor scores = output.logits().select(0, 0).to(DType.F32).logSoftmax(-1);
      int count = (int) scores.size(0);
      int skipped = Math.min(count, (piece.keepFrom() - piece.from()) / step);
      int end =
          piece.keepTo() == samples.length
              ? count
              : Math.min(count, (piece.keepTo() - piece.from()) / step);
      Tensor best = scores.argmax(-1, false);
      double[] probabilities = scores.gather(-1, best.unsqueeze(-1)).to(DType.F64).toDoubleArray();
      return new Frames(
          Arrays.stream(Arrays.copyOfRange(best.toLongArray(), skipped, end))
              .mapToInt(id -> spoken((int) id))
              .toArray(),
          Arrays.copyOfRange(probabilities, skipped, end),
          piece.from() / step + skipped,
          skipped,
          looking ? attention(output) : new double[0][]);
    }
  }

  /** What stands for no letter, but for the delimiter, counts as none. */
  private int spoken(int id) {
    return id != delimiter && tokenizer.isSpecial(id) ? blank : id;
  }

  /** The mean of the last layer's heads, {@code [frame][state]}. */
  private static double[][] attention(ModelOutput output) {
    Tensor last = output.series("attentions").getLast().select(0, 0).mean(0, false);
    double[] flat = last.to(DType.F64).contiguous().toDoubleArray();
    int columns = (int) last.size(1);
    double[][] rows = new double[(int) last.size(0)][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  private Heard decode(List<Frames> pieces) {
    int[] letters = pieces.stream().flatMapToInt(piece -> Arrays.stream(piece.letters())).toArray();
    double[] probabilities =
        pieces.stream().flatMapToDouble(piece -> Arrays.stream(piece.logProbabilities())).toArray();
    CtcPath path = new CtcPath(letters, probabilities, blank, delimiter);
    List<Heard.Word> words = new ArrayList<>();
    double seconds = (double) step / rate();
    for (Span span : path.words()) {
      String text = tokenizer.decode(path.ids(span.from(), span.to()), true).strip();
      if (!text.isEmpty()) {
        words.add(word(span, text, seconds, pieces));
      }
    }
    String text = tokenizer.decode(path.ids(0, letters.length), true).strip();
    return new Heard(text, null, words, List.of());
  }

  private static Heard.Word word(Span span, String text, double seconds, List<Frames> pieces) {
    Frames piece = pieces.getFirst();
    for (Frames one : pieces) {
      piece = one.first() <= span.from() ? one : piece;
    }
    SpokenWord spoken =
        new SpokenWord(text, span.from() * seconds, span.to() * seconds, span.probability());
    double[][] rows = piece.attention();
    if (rows.length == 0) {
      return new Heard.Word(spoken, " " + text, new double[0], 0, seconds);
    }
    // SEW's layers see fewer tokens than there are frames; all lie evenly over the piece.
    int frames = piece.skipped() + piece.letters().length;
    double[] mean = new double[rows[0].length];
    int begin = piece.first() - piece.skipped();
    int count = 0;
    for (int frame = span.from() - begin; frame < Math.min(span.to() - begin, frames); frame++) {
      double[] row = rows[Math.min(rows.length - 1, frame * rows.length / frames)];
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i];
      }
      count++;
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= Math.max(1, count);
    }
    return new Heard.Word(
        spoken, " " + text, mean, begin * seconds, seconds * frames / mean.length);
  }

  @Override
  public void close() {
    model.close();
  }
}
