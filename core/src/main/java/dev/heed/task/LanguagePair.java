package dev.heed.task;

import dev.heed.model.ModelFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The two languages that a translator's files name.
 *
 * @param from of what is read, or null
 * @param to of what is written, or null
 */
record LanguagePair(@Nullable String from, @Nullable String to) {
  /** What {@code config.json} ({@code langs}) or {@code tokenizer_config.json} says. */
  static LanguagePair of(ModelFiles files) {
    JsonNode langs = files.json().path("langs");
    if (langs.size() == 2) {
      return new LanguagePair(langs.get(0).asString(null), langs.get(1).asString(null));
    }
    JsonNode tokenizer = files.json("tokenizer_config.json");
    if (tokenizer == null) {
      return new LanguagePair(null, null);
    }
    return new LanguagePair(
        first(tokenizer, "source_lang", "src_lang"), first(tokenizer, "target_lang", "tgt_lang"));
  }

  private static @Nullable String first(JsonNode json, String... keys) {
    for (String key : keys) {
      if (json.path(key).isString()) {
        return json.path(key).stringValue();
      }
    }
    return null;
  }

  /**
   * Refuses a language other than the model's own.
   *
   * @param wanted null for the model's own
   */
  static void require(String option, @Nullable String wanted, @Nullable String own) {
    if (wanted != null && !(own != null && LanguageCode.same(wanted, own))) {
      throw new IllegalArgumentException(
          option
              + ": expected "
              + (own == null ? "none, since this model cannot be told languages" : own)
              + ", got "
              + wanted);
    }
  }
}
