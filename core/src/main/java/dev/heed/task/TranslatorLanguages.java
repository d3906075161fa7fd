package dev.heed.task;

import dev.heed.model.ModelConfig;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The languages of a translator, and how it is told them.
 *
 * @param kind how
 * @param known what the vocabulary has tokens for
 * @param pair the two that the files name
 * @param config of the model
 */
record TranslatorLanguages(
    Kind kind, List<LanguageCode> known, LanguagePair pair, ModelConfig config) {
  static final String FROM = "--from";
  static final String TO = "--to";

  /** The ways of telling. */
  enum Kind {
    /** One pair of languages, or none that the files name. */
    FIXED(null),
    /** Marian: {@code >>fra<<} before the source. */
    MARIAN(">>(.+)<<"),
    /** M2M-100: {@code __en__} around the source, {@code __fr__} forced first. */
    M2M100("__([a-z]+)__"),
    /** NLLB: the same with {@code eng_Latn}. */
    NLLB("([a-z]{3}_[A-Z][a-z]{3})"),
    /** mBART: {@code en_XX} around the source; the decoder begins with the target's. */
    MBART("([a-z]{2}_[A-Z]{2})"),
    /** MADLAD: {@code <2fr>} before the source. */
    MADLAD("<2([a-zA-Z_]+)>"),
    /** T5: "translate English to French: " before the source. */
    WORDS(null);

    private final @Nullable Pattern token;

    Kind(@Nullable String token) {
      this.token = token == null ? null : Pattern.compile(token);
    }

    /** The languages that a vocabulary has tokens of this form for. */
    List<LanguageCode> in(Tokenizer tokenizer) {
      List<LanguageCode> found = new ArrayList<>();
      int size = tokenizer.vocabularySize();
      for (int id = 0; token != null && id < size; id++) {
        Matcher matcher = token.matcher(tokenizer.token(id).orElse(""));
        if (matcher.matches()) {
          found.add(new LanguageCode(matcher.group(1), id));
        }
      }
      return found;
    }
  }

  /** Those of a model. */
  static TranslatorLanguages of(ModelConfig config, Tokenizer tokenizer, LanguagePair pair) {
    String type = config.json().path("model_type").asString("");
    List<Kind> candidates =
        switch (type) {
          case "marian" -> List.of(Kind.MARIAN);
          case "m2m_100", "nllb-moe" -> List.of(Kind.M2M100, Kind.NLLB);
          case "mbart" -> List.of(Kind.MBART);
          case "t5", "mt5", "umt5" -> List.of(Kind.MADLAD);
          default -> List.of();
        };
    for (Kind candidate : candidates) {
      List<LanguageCode> known = candidate.in(tokenizer);
      if (!known.isEmpty()) {
        return new TranslatorLanguages(candidate, known, pair, config);
      }
    }
    Kind other = type.equals("t5") ? Kind.WORDS : Kind.FIXED;
    return new TranslatorLanguages(other, List.of(), pair, config);
  }

  /**
   * The way between two languages.
   *
   * @param from null for the files' own
   * @param to null for the files' own
   * @throws IllegalArgumentException for a language that the model does not have, or none where it
   *     must be told
   */
  LanguageRoute route(@Nullable String from, @Nullable String to) {
    return switch (kind) {
      case FIXED -> {
        LanguagePair.require(FROM, from, pair.from());
        LanguagePair.require(TO, to, pair.to());
        yield new LanguageRoute(this, -1, -1, "");
      }
      case WORDS ->
          new LanguageRoute(this, -1, -1, words(from == null ? "en" : from, required(to)));
      case MARIAN -> {
        LanguagePair.require(FROM, from, pair.from());
        yield new LanguageRoute(this, -1, token(TO, required(to == null ? pair.to() : to)), "");
      }
      // the source is any language, and not told
      case MADLAD -> new LanguageRoute(this, -1, token(TO, required(to)), "");
      case M2M100, NLLB, MBART -> {
        boolean forced = config.json().path("forced_bos_token_id").isIntegralNumber();
        String target = to != null || forced ? to : required(pair.to());
        yield new LanguageRoute(
            this,
            from == null ? -1 : token(FROM, from),
            target == null ? -1 : token(TO, target),
            "");
      }
    };
  }

  private int token(String option, String code) {
    return LanguageCode.find(option, code, known).token();
  }

  private String required(@Nullable String to) {
    if (to == null) {
      throw new IllegalArgumentException(
          TO
              + ": expected a language to translate into"
              + (known.isEmpty() ? "" : ", one of " + LanguageCode.some(known))
              + ", got none");
    }
    return to;
  }

  /** What T5 reads before a text; a config may say so itself. */
  private String words(String from, String to) {
    JsonNode own = config.json().path("task_specific_params").path(task(from, to)).path("prefix");
    return own.isString()
        ? own.stringValue()
        : "translate " + english(FROM, from) + " to " + english(TO, to) + ": ";
  }

  /** What a config calls the task. */
  static String task(String from, String to) {
    return "translation_" + from + "_to_" + to;
  }

  private static String english(String option, String code) {
    String name = Locale.forLanguageTag(code).getDisplayLanguage(Locale.ENGLISH);
    if (name.isEmpty() || name.equalsIgnoreCase(code)) {
      throw new IllegalArgumentException(
          option + ": expected a language's code such as en, fr or de, got " + code);
    }
    return name;
  }
}
