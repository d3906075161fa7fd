package dev.heed.task.speech;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundBatch;
import dev.heed.audio.SoundProcessor;
import dev.heed.generate.Generator;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.WhisperTimestamps;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.SoundInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import tools.jackson.databind.JsonNode;

/** Reads a sound and writes what is said, window by window. */
final class WritingHearing implements Hearing {
  private static final String WHISPER = "whisper";

  /** Where a config sets no limit: no one speaks faster than this. */
  private static final double TOKENS_A_SECOND = 6.5;

  private static final int LEAST_TOKENS = 16;

  private final Model model;
  private final DType type;
  private final SoundProcessor processor;
  private final SoundInput input;
  private final Tokenizer tokenizer;
  private final GenerationConfig config;
  private final boolean limited;
  private final String kind;
  private final double ownWindow;
  private final WordAligner aligner;

  WritingHearing(Model model, SoundProcessor processor, ModelFiles files) {
    this.model = model;
    this.type = SoundInput.type(model);
    this.processor = processor;
    this.input = SoundInput.of(files);
    this.tokenizer = files.tokenizer();
    this.config = TextGenerator.config(files);
    JsonNode json = files.json();
    JsonNode own = files.json("generation_config.json");
    JsonNode lengths = own == null ? json : own;
    this.limited = lengths.hasNonNull("max_length") || lengths.hasNonNull("max_new_tokens");
    this.kind = json.path("model_type").asString("");
    this.ownWindow = SoundInput.window(files);
    this.aligner =
        new WordAligner(
            model,
            tokenizer,
            config.whisper().alignmentHeads(),
            json.path("median_filter_width").asInt(WordAligner.MEDIAN));
  }

  @Override
  public int rate() {
    return processor.rate();
  }

  @Override
  public Heard hear(
      float[] samples, SpeechSettings settings, boolean looking, DoubleConsumer share) {
    List<Piece> pieces = settings.windows(ownWindow, 0).of(samples.length, rate(), 1);
    List<Heard> all = new ArrayList<>();
    SpeechSettings now = settings;
    for (Piece piece : pieces) {
      Heard heard =
          hear(Arrays.copyOfRange(samples, piece.from(), piece.to()), piece, now, looking);
      all.add(pieces.size() == 1 ? heard : kept(heard, piece));
      // What is spoken at the beginning is spoken to the end.
      now = settings.in(heard.language());
      share.accept((double) piece.keepTo() / samples.length);
    }
    return all.size() == 1 ? all.getFirst() : Joined.of(all);
  }

  /** The words of a piece that count. */
  private Heard kept(Heard heard, Piece piece) {
    return new Heard(
        heard.text(),
        heard.language(),
        heard.words().stream()
            .filter(word -> piece.keeps((word.spoken().start() + word.spoken().end()) / 2, rate()))
            .toList(),
        heard.segments().stream()
            .filter(segment -> piece.keeps((segment.start() + segment.end()) / 2, rate()))
            .toList());
  }

  private Heard hear(float[] samples, Piece piece, SpeechSettings settings, boolean looking) {
    try (TensorScope scope = TensorScope.inference()) {
      SoundBatch batch = processor.process(List.of(Sound.mono(rate(), samples)));
      int start = config.tokens().decoderStart();
      ModelOutput begun =
          model.apply(
              input.of(batch, type).with("decoder_input_ids", Tensor.of(new long[] {start}, 1, 1)));
      Tensor states = begun.require("encoder_last_hidden_state");
      SpeechPrompt prompt =
          SpeechPrompt.of(config, tokenizer, settings, choices -> likeliest(begun, choices));
      Generated written = write(states, prompt, samples.length);
      double step = secondsOfState(states.size(1), samples.length);
      double origin = (double) piece.from() / rate();
      int there = (int) Math.min(states.size(1), Math.ceil(samples.length / (step * rate())));
      WordAligner.Sight sight =
          new WordAligner.Sight(states, Math.max(1, there), origin, step, looking);
      return new Heard(
          text(written, prompt),
          prompt.language(),
          aligner.words(written, prompt, sight),
          segments(written, prompt, origin, step));
    }
  }

  /** Which of some tokens is likeliest after the start. */
  private static int likeliest(ModelOutput begun, List<Integer> choices) {
    double[] scores = begun.logits().flatten(0, -1).to(DType.F64).toDoubleArray();
    int best = 0;
    for (int i = 1; i < choices.size(); i++) {
      best = scores[choices.get(i)] > scores[choices.get(best)] ? i : best;
    }
    return best;
  }

  private double secondsOfState(long states, int samples) {
    if (kind.equals(WHISPER)) {
      return ownWindow / states;
    }
    if (kind.equals("moonshine")) {
      return 384.0 / rate();
    }
    return (double) samples / rate() / states;
  }

  private Generated write(Tensor states, SpeechPrompt prompt, int samples) {
    GenerationConfig free = prompt.config().with("return_timestamps", false);
    if (!limited) {
      int most = (int) Math.ceil(TOKENS_A_SECOND * samples / rate());
      free = free.with("max_new_tokens", Math.max(LEAST_TOKENS, most));
    }
    SearchSettings settings = SearchSettings.of(free);
    if (prompt.timed()) {
      Integer latest = config.whisper().maxInitialTimestampIndex();
      settings =
          settings.withOwn(
              List.of(
                  new WhisperTimestamps(
                      config.tokens().eosTokenId().getFirst(),
                      prompt.timestamp() - 1,
                      prompt.tokens().length + 1,
                      latest == null ? -1 : latest)));
    }
    long[] tokens = Arrays.stream(prompt.tokens()).asLongStream().toArray();
    ModelInput heard =
        ModelInput.of(EncoderDecoderModel.ENCODED, states)
            .with("decoder_input_ids", Tensor.of(tokens, 1, tokens.length));
    return new Generator(model).generate(heard, settings).getFirst().getFirst();
  }

  private String text(Generated written, SpeechPrompt prompt) {
    long[] ids =
        Arrays.stream(written.continuation())
            .filter(id -> aligner.isText(id, prompt))
            .asLongStream()
            .toArray();
    return tokenizer.decode(ids, false).strip();
  }

  /** What stands between two timestamps of the model's. */
  private List<Segment> segments(
      Generated written, SpeechPrompt prompt, double origin, double step) {
    List<Segment> segments = new ArrayList<>();
    if (!prompt.timed()) {
      return segments;
    }
    Double start = null;
    List<Long> ids = new ArrayList<>();
    for (int id : written.continuation()) {
      if (id < prompt.timestamp()) {
        if (aligner.isText(id, prompt)) {
          ids.add((long) id);
        }
        continue;
      }
      double time = origin + (id - prompt.timestamp()) * step;
      if (start != null && !ids.isEmpty()) {
        String text = tokenizer.decode(ids.stream().mapToLong(Long::longValue).toArray(), false);
        segments.add(new Segment(start, time, text.strip()));
        ids.clear();
      }
      start = time;
    }
    return segments;
  }

  @Override
  public void close() {
    model.close();
  }
}
