package dev.heed.task.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundProcessor;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.generate.Generator;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Speech to text by every kind of model, beside what follows from its outputs. */
@Tag("integration")
class SpeechRecognizerTest {
  private static final int RATE = 16_000;
  private static final SpeechSettings SHORT = new SpeechSettings(null, false, false, 0.5, 0.2);

  @TempDir Path folder;

  private static Sound sound(double seconds) {
    Random random = new Random(71);
    float[] samples = new float[(int) (seconds * RATE)];
    double phase = 0;
    for (int i = 0; i < samples.length; i++) {
      phase += 0.02 + 0.06 * Math.abs(Math.sin(i / 3000.0));
      samples[i] = (float) (0.4 * Math.sin(phase) + 0.05 * random.nextGaussian());
    }
    return Sound.mono(RATE, samples);
  }

  private static Tensor features(ModelFiles files, Sound sound) {
    Path front = Objects.requireNonNull(files.file("preprocessor_config.json"));
    return SoundProcessor.read(front).process(List.of(sound)).features();
  }

  @ParameterizedTest
  @ValueSource(strings = {"wav2vec2", "wavlm", "sew", "wav2vec2-conformer"})
  void letters_are_the_likeliest_of_each_frame(String model) throws IOException {
    ModelFiles files = TinyCheckpoint.hearing(folder, model, "letters", Map.of());
    Sound sound = sound(0.4);
    long[] best;
    try (Model own = Model.load(folder);
        TensorScope scope = TensorScope.inference()) {
      best =
          own.apply(ModelInput.of("input_values", features(files, sound)))
              .logits()
              .argmax(-1, false)
              .toLongArray();
    }
    Tokenizer tokenizer = files.tokenizer();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < best.length; i++) {
      String letter = tokenizer.token((int) best[i]).orElseThrow();
      boolean again = i > 0 && best[i] == best[i - 1];
      if (!again && !letter.startsWith("<")) {
        expected.append(letter.equals("|") ? " " : letter);
      }
    }
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(folder)) {
      Transcript heard = recognizer.recognize(sound);
      assertThat(heard.text()).isEqualTo(expected.toString().strip().replaceAll(" +", " "));
      assertThat(words(heard)).isEqualTo(heard.text());
      requireOrder(heard, 0.4);
      assertThat(heard.words())
          .isNotEmpty()
          .allMatch(word -> word.probability() > 0 && word.probability() <= 1);
      Evidence evidence = recognizer.explain(sound, SpeechSettings.DEFAULT);
      for (Evidence.Part part : evidence.parts()) {
        Aligned map = (Aligned) part;
        assertThat(map.rows()).hasSameSizeAs(heard.words());
        assertThat(Arrays.stream(map.weights()).flatMapToDouble(Arrays::stream).max().orElse(0))
            .isBetween(0.5, 1.000001);
      }
    }
  }

  private static String words(Transcript heard) {
    return heard.words().stream().map(SpokenWord::text).collect(Collectors.joining(" "));
  }

  private static void requireOrder(Transcript heard, double seconds) {
    double last = 0;
    for (SpokenWord word : heard.words()) {
      assertThat(word.start()).isGreaterThanOrEqualTo(last);
      assertThat(word.end()).isGreaterThan(word.start()).isLessThan(seconds + 0.1);
      last = word.start();
    }
  }

  @Test
  void long_sounds_are_heard_in_windows_with_the_times_of_the_whole() throws IOException {
    TinyCheckpoint.hearing(folder, "wav2vec2", "letters", Map.of());
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(folder)) {
      Sound sound = sound(2.3);
      Transcript heard = recognizer.recognize(sound, SHORT);
      assertThat(words(heard)).isEqualTo(heard.text());
      requireOrder(heard, 2.3);
      assertThat(heard.words().getLast().end()).isGreaterThan(1.8);
      assertThat(recognizer.explain(sound, SHORT).parts()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "whisper, input_features",
    "moonshine, input_values",
    "speech-to-text, input_features"
  })
  void written_words_are_those_that_the_model_generates(String model, String input)
      throws IOException {
    ModelFiles files =
        TinyCheckpoint.hearing(
            folder,
            model,
            model,
            Map.of("max_length", "14", "decoder_start_token_id", start(model)));
    Files.deleteIfExists(folder.resolve("generation_config.json"));
    Sound sound = sound(0.9);
    GenerationConfig config = TextGenerator.config(files);
    Tokenizer tokenizer = files.tokenizer();
    String expected;
    try (Model own = Model.load(folder);
        TensorScope scope = TensorScope.inference()) {
      ModelInput given = ModelInput.of(input, features(files, sound));
      if (model.equals("whisper")) {
        // The recorded config commands two tokens; the vocabulary has a switch for times.
        given = given.with("decoder_input_ids", Tensor.of(new long[] {91, 92, 93, 96}, 1, 4));
        config = config.with("forced_decoder_ids", List.of());
      }
      int[] ids =
          new Generator(own)
              .generate(given, SearchSettings.of(config))
              .getFirst()
              .getFirst()
              .continuation();
      expected = tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false).strip();
    }
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(folder)) {
      SpeechSettings settings =
          model.equals("whisper")
              ? new SpeechSettings("en", false, false, 30.0, 5.0)
              : SpeechSettings.DEFAULT;
      if (model.equals("whisper")) {
        // Without the tokens of tasks there is no language to choose.
        Path json = folder.resolve("tokenizer.json");
        Files.writeString(
            json,
            Files.readString(json)
                .replace("<|transcribe|>", "<|x|>")
                .replace("<|translate|>", "<|y|>"));
        settings = SpeechSettings.DEFAULT;
      }
      try (SpeechRecognizer plain = SpeechRecognizer.open(folder)) {
        Transcript heard = plain.recognize(sound, settings);
        assertThat(heard.text()).isEqualTo(expected).isNotEmpty();
        assertThat(words(heard)).isEqualTo(expected);
        requireOrder(heard, 1.2);
        assertThat(heard.seconds()).isEqualTo(0.9);
        Evidence evidence = plain.explain(sound, settings);
        assertThat(evidence.title()).isEqualTo(expected);
      }
    }
  }

  private static String start(String model) {
    return switch (model) {
      case "whisper" -> "91";
      case "moonshine" -> "1";
      default -> "2";
    };
  }

  @Test
  void whisper_is_told_language_task_and_times_by_tokens() throws IOException {
    ModelFiles files =
        TinyCheckpoint.hearing(folder, "whisper", "whisper", Map.of("max_length", "16"));
    Files.writeString(
        folder.resolve("generation_config.json"),
        """
        {"decoder_start_token_id": 91, "eos_token_id": 90, "pad_token_id": 90, "max_length": 16,
         "lang_to_id": {"<|en|>": 92, "<|de|>": 93},
         "task_to_id": {"transcribe": 94, "translate": 95}, "is_multilingual": true,
         "no_timestamps_token_id": 96, "max_initial_timestamp_index": 1,
         "alignment_heads": [[1, 0], [1, 2]], "suppress_tokens": [91, 92, 93, 94, 95]}
        """);
    GenerationConfig config = TextGenerator.config(files);
    Tokenizer tokenizer = files.tokenizer();
    SpeechPrompt prompt =
        SpeechPrompt.of(
            config, tokenizer, new SpeechSettings("german", true, false, 1.0, 0.0), languages -> 1);
    assertThat(prompt.tokens()).containsExactly(91, 93, 95, 96);
    assertThat(prompt.language()).isEqualTo("de");
    SpeechPrompt timed =
        SpeechPrompt.of(
            config, tokenizer, new SpeechSettings(null, false, true, 1.0, 0.0), languages -> 1);
    assertThat(timed.tokens()).containsExactly(91, 92, 94);
    assertThat(timed.timestamp()).isEqualTo(97);
    assertThatThrownBy(() ->
            SpeechPrompt.of(
                config, tokenizer, new SpeechSettings("fr", false, false, 1.0, 0.0), l -> 0))
        .hasMessageContaining("language: expected one of de, en, got \"fr\"");
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(folder)) {
      Transcript heard =
          recognizer.recognize(sound(2.5), new SpeechSettings(null, false, true, 30.0, 0.2));
      assertThat(heard.language()).isIn("en", "de");
      assertThat(heard.segments()).allMatch(segment -> segment.end() >= segment.start());
      requireOrder(heard, 2.5);
    }
  }

  @Test
  void what_a_model_cannot_do_is_refused() throws IOException {
    TinyCheckpoint.hearing(folder, "wav2vec2", "letters", Map.of());
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(folder)) {
      assertThatThrownBy(() ->
              recognizer.recognize(sound(0.3), new SpeechSettings("en", false, false, 30.0, 5.0)))
          .hasMessageContaining("this model hears letters");
      assertThatThrownBy(() -> recognizer.recognize(Sound.mono(RATE, new float[20])))
          .hasMessageContaining("samples or more");
    }
    assertThatThrownBy(() -> new SpeechSettings(null, false, false, 1.0, 0.6))
        .hasMessageContaining("overlap");
    Files.delete(folder.resolve("preprocessor_config.json"));
    assertThatThrownBy(() -> SpeechRecognizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("preprocessor_config.json");
    Path other = Files.createDirectory(folder.resolve("other"));
    TinyCheckpoint.write(other, "bert-classify", "bert", Map.of());
    assertThatThrownBy(() -> SpeechRecognizer.open(other))
        .hasMessageContaining("for hear a model whose name ends in ForCTC");
  }

  @Test
  void usual_windows_have_no_more_frames_than_attend_to_each_other_in_good_time() {
    SpeechSettings usual = SpeechSettings.DEFAULT;
    // wav2vec 2.0 has a frame each 20 ms; Whisper half a minute of its own
    assertThat(usual.windows(0, 50)).isEqualTo(new SpeechSettings.Windows(30, 5));
    assertThat(usual.windows(0, 800)).isEqualTo(new SpeechSettings.Windows(3.75, 0.625));
    assertThat(usual.windows(30, 0)).isEqualTo(new SpeechSettings.Windows(30, 5));
    SpeechSettings own = new SpeechSettings(null, false, false, 90.0, null);
    assertThat(own.windows(0, 800)).isEqualTo(new SpeechSettings.Windows(90, 15));
    assertThat(new SpeechSettings(null, false, false, null, 8.0).windows(0, 800).overlap())
        .isEqualTo(3.75 / 2);
  }

  @Test
  void how_much_was_heard_is_told_window_after_window() throws Exception {
    ModelFiles files = TinyCheckpoint.hearing(folder, "wav2vec2", "letters", Map.of());
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(files, null)) {
      List<Double> shares = new ArrayList<>();
      recognizer.recognize(sound(1.7), SHORT, shares::add);
      assertThat(shares).hasSizeGreaterThan(3).isSorted().last().isEqualTo(1.0);
    }
  }
}
