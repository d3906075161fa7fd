package dev.heed.task.speech;

import dev.heed.checkpoint.Quoted;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.config.WhisperOptions;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder is given before it writes: which language, what to do, whether to write times.
 *
 * @param tokens the start token first
 * @param language the code of the language, or null where there is no choice
 * @param timestamp the first token that stands for a time, or -1 where there are none
 * @param timed whether times are written
 * @param config of generation, without what the tokens say already
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, compared by nobody
record SpeechPrompt(
    int[] tokens,
    @Nullable String language,
    int timestamp,
    boolean timed,
    GenerationConfig config) {
  private static final String FORCED = "forced_decoder_ids";

  /**
   * Puts it together: Whisper's tokens as its generation config or its vocabulary names them,
   * Speech2Text's language as the first token.
   *
   * @param listener tells a language by its number among those given, where nobody says it
   */
  static SpeechPrompt of(
      GenerationConfig config,
      Tokenizer tokenizer,
      SpeechSettings settings,
      ToIntFunction<List<Integer>> listener) {
    SequencedMap<String, Integer> languages = languages(config.whisper(), tokenizer);
    List<Integer> tokens = new ArrayList<>(List.of(config.tokens().decoderStart()));
    String language = settings.language();
    int quiet = quiet(config.whisper(), tokenizer);
    if (languages.isEmpty()) {
      return plain(config, tokenizer, settings, tokens, quiet);
    }
    String code =
        language == null
            ? spoken(languages, listener)
            : code(language, List.copyOf(languages.sequencedKeySet()));
    tokens.add(languages.get(code));
    tokens.add(
        task(config.whisper(), tokenizer, settings.translate() ? "translate" : "transcribe"));
    times(settings, tokens, quiet);
    return prompt(tokens, code, quiet, settings, config.with(FORCED, List.of()));
  }

  private static SpeechPrompt plain(
      GenerationConfig config,
      Tokenizer tokenizer,
      SpeechSettings settings,
      List<Integer> tokens,
      int quiet) {
    if (settings.translate()) {
      throw new IllegalArgumentException(
          "translate: expected a model with a task of that name, got one without");
    }
    GenerationConfig free = config;
    String language = settings.language();
    if (language != null) {
      OptionalInt token = tokenizer.id("<lang:" + language + ">");
      if (token.isEmpty()) {
        throw new IllegalArgumentException(
            "language: expected none, since this model knows one alone, got "
                + Quoted.of(language));
      }
      free = free.with("forced_bos_token_id", token.getAsInt());
    }
    // An old config commands what stands at each place; without gaps that is a prompt.
    List<Integer> commanded = new ArrayList<>();
    boolean whole = true;
    for (var pair : config.rules().forcedDecoderIds()) {
      Integer place = pair.getFirst();
      Integer token = pair.getLast();
      whole &= place != null && token != null && place == commanded.size() + 1;
      commanded.add(token == null ? 0 : token);
    }
    if (whole && !commanded.isEmpty()) {
      tokens.addAll(commanded);
      free = free.with(FORCED, List.of());
      boolean silent = commanded.getLast() == quiet;
      if (settings.timestamps() && silent) {
        tokens.removeLast();
      }
      if (silent) {
        return prompt(tokens, language, quiet, settings, free);
      }
    }
    times(settings, tokens, quiet);
    return prompt(tokens, language, quiet, settings, free);
  }

  private static SpeechPrompt prompt(
      List<Integer> tokens,
      @Nullable String language,
      int quiet,
      SpeechSettings settings,
      GenerationConfig config) {
    int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
    return new SpeechPrompt(
        ids, language, quiet < 0 ? -1 : quiet + 1, settings.timestamps(), config);
  }

  /** Switches times off where they are not wanted. */
  private static void times(SpeechSettings settings, List<Integer> tokens, int quiet) {
    if (settings.timestamps() && quiet < 0) {
      throw new IllegalArgumentException(
          "timestamps: expected a model that writes its own, got one that does not; words have"
              + " times without them");
    }
    if (!settings.timestamps() && quiet >= 0) {
      tokens.add(quiet);
    }
  }

  private static int quiet(WhisperOptions options, Tokenizer tokenizer) {
    Integer token = options.noTimestampsTokenId();
    return token == null ? tokenizer.id("<|notimestamps|>").orElse(-1) : token;
  }

  private static int task(WhisperOptions options, Tokenizer tokenizer, String task) {
    Integer token = options.taskToId().get(task);
    int id = token == null ? tokenizer.id("<|" + task + "|>").orElse(-1) : token;
    if (id < 0) {
      throw new IllegalArgumentException(
          "task: expected a model with a token for " + task + ", got one without");
    }
    return id;
  }

  /** Tokens by code. */
  private static SequencedMap<String, Integer> languages(
      WhisperOptions options, Tokenizer tokenizer) {
    TreeMap<String, Integer> languages = new TreeMap<>();
    options
        .langToId()
        .forEach((name, id) -> languages.put(name.replaceAll("^<\\|(.*)\\|>$", "$1"), id));
    if (languages.isEmpty() && tokenizer.id("<|transcribe|>").isPresent()) {
      for (String code : Locale.getISOLanguages()) {
        tokenizer.id("<|" + code + "|>").ifPresent(id -> languages.put(code, id));
      }
    }
    return languages;
  }

  private static String spoken(
      SequencedMap<String, Integer> languages, ToIntFunction<List<Integer>> listener) {
    List<String> codes = List.copyOf(languages.sequencedKeySet());
    return codes.get(listener.applyAsInt(codes.stream().map(languages::get).toList()));
  }

  /** The code of a language by itself or by its English name. */
  private static String code(String language, List<String> codes) {
    for (String code : codes) {
      String name = Locale.of(code).getDisplayLanguage(Locale.ENGLISH);
      if (code.equalsIgnoreCase(language) || name.equalsIgnoreCase(language)) {
        return code;
      }
    }
    throw new IllegalArgumentException(
        "language: expected one of " + String.join(", ", codes) + ", got " + Quoted.of(language));
  }
}
