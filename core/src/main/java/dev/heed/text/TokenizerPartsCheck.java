package dev.heed.text;

import static dev.heed.text.TokenizerFile.error;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Checks the parts around a tokenizer's model (normaliser, splitter, template, decoder) for what
 * makes native code panic.
 */
final class TokenizerPartsCheck {
  private TokenizerPartsCheck() {}

  /**
   * Walks over every part, nested ones included.
   *
   * @param where the file's name, for messages
   * @param file the whole tokenizer.json
   */
  static void check(String where, JsonNode file) {
    for (String part : new String[] {"normalizer", "pre_tokenizer", "post_processor", "decoder"}) {
      walk(where + ", " + part, file.path(part));
    }
  }

  private static void walk(String at, JsonNode part) {
    if (part.isObject()) {
      object(at, part);
    }
    for (JsonNode child : part) {
      walk(at, child);
    }
  }

  // By what a part has rather than by its type: the library guesses where the type is missing.
  private static void object(String at, JsonNode part) {
    if (part.has("length") && part.path("length").asLong(1) < 1) {
      throw error(Kind.VALUE, at, "a length of at least 1", part.path("length").toString());
    }
    if (part.has("prepend") && part.path("prepend").asString("").isEmpty()) {
      throw error(Kind.VALUE, at, "a text to prepend", part.path("prepend").toString());
    }
    if (part.has("precompiled_charsmap")) {
      CharsMapCheck.check(at, part.path("precompiled_charsmap").asString(""));
    }
    if (part.has("content") && part.path("pattern").has("Regex")) {
      replacement(at, part.path("pattern").path("Regex").asString(""));
    }
    if (part.has("special_tokens")) {
      template(at, part, "single");
      template(at, part, "pair");
    }
  }

  // The library looks a piece's token or text up when it encodes, and panics when it is not there.
  private static void template(String at, JsonNode part, String name) {
    for (JsonNode piece : TokenizerFile.list(at + ", " + name, part.path(name))) {
      String token = piece.path("SpecialToken").path("id").asString("");
      JsonNode added = part.path("special_tokens").path(token);
      boolean known =
          !piece.has("SpecialToken")
              || (added.path("ids").isArray()
                  && added.path("ids").size() == added.path("tokens").size());
      boolean present =
          !name.equals("single") || !piece.path("Sequence").path("id").asString("A").equals("B");
      if (!known || !present) {
        throw error(
            Kind.MALFORMED,
            at + ", " + name,
            "pieces that name a text or one of special_tokens with as many ids as tokens",
            Quoted.of(piece.toString()));
      }
    }
  }

  // Text inserted where nothing was matched, at the very start, makes the library's next step run
  // past its end.
  private static void replacement(String at, String regex) {
    boolean insertsText;
    try {
      Pattern consuming = Pattern.compile(regex.replaceAll("\\(\\?<?[=!][^()]*\\)", ""));
      insertsText =
          Stream.of("", "a", "A", "1", " ", ".")
              .map(consuming::matcher)
              .anyMatch(m -> m.lookingAt() && m.end() == 0);
    } catch (PatternSyntaxException e) {
      throw error(Kind.UNSUPPORTED, at, "a plain regular expression to replace", Quoted.of(regex));
    }
    if (insertsText) {
      throw error(
          Kind.UNSUPPORTED,
          at,
          "a regular expression that never matches nothing",
          Quoted.of(regex));
    }
  }
}
