package dev.heed.text;

import static dev.heed.text.TokenizerFile.error;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Checks the {@code model} of a tokenizer.json and collects its vocabulary. */
final class TokenizerModelCheck {
  private TokenizerModelCheck() {}

  /**
   * Checks one model of any of the four kinds.
   *
   * @param where the file's name, for messages
   * @param model the JSON
   * @param ids receives every token and its number
   */
  static void check(String where, JsonNode model, Map<String, Integer> ids) {
    String at = where + ", model";
    if (!model.isObject()) {
      throw error(Kind.MALFORMED, at, "an object", model.getNodeType().toString());
    }
    String type = model.path("type").asString(guess(model));
    switch (type) {
      case "WordPiece", "WordLevel" -> vocabulary(at, model.path("vocab"), ids);
      case "BPE" -> {
        vocabulary(at, model.path("vocab"), ids);
        merges(at, model);
      }
      case "Unigram" -> unigram(at, model, ids);
      default ->
          throw error(
              Kind.UNSUPPORTED, at, "type WordPiece, WordLevel, BPE or Unigram", Quoted.of(type));
    }
  }

  // Files of early versions carry no type: the library guesses it by the fields, and so do we.
  private static String guess(JsonNode model) {
    if (model.has("merges")) {
      return "BPE";
    }
    return model.path("vocab").isArray() ? "Unigram" : "WordPiece";
  }

  private static void vocabulary(String at, JsonNode vocab, Map<String, Integer> ids) {
    if (!vocab.isObject()) {
      throw error(Kind.MALFORMED, at, "an object vocab", vocab.getNodeType().toString());
    }
    vocab
        .properties()
        .forEach(e -> ids.put(e.getKey(), TokenizerFile.id(at + ", vocab", e.getValue())));
  }

  // A merge whose second part is shorter than the prefix it should carry makes the library panic.
  private static void merges(String at, JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asString("");
    for (JsonNode merge : TokenizerFile.list(at + ", merges", model.path("merges"))) {
      String second =
          merge.isArray() && merge.size() == 2
              ? merge.get(1).asString("")
              : merge.asString("").replaceFirst("^\\S* ?", "");
      if (!second.startsWith(prefix) || second.isEmpty()) {
        throw error(
            Kind.MALFORMED,
            at + ", merges",
            "pairs of tokens, the second beginning with " + Quoted.of(prefix),
            Quoted.of(merge.toString()));
      }
    }
  }

  private static void unigram(String at, JsonNode model, Map<String, Integer> ids) {
    JsonNode vocab = TokenizerFile.list(at + ", vocab", model.path("vocab"));
    int next = 0;
    for (JsonNode piece : vocab) {
      boolean valid =
          piece.isArray()
              && piece.size() == 2
              && piece.get(0).isString()
              && piece.get(1).isNumber();
      if (!valid || !Double.isFinite(piece.get(1).doubleValue())) {
        throw error(
            Kind.MALFORMED,
            at + ", vocab",
            "pairs of token and score",
            Quoted.of(piece.toString()));
      }
      ids.putIfAbsent(piece.get(0).stringValue(), next++);
    }
    JsonNode unknown = model.path("unk_id");
    if (!unknown.isMissingNode()
        && !unknown.isNull()
        && TokenizerFile.id(at + ", unk_id", unknown) >= vocab.size()) {
      throw error(Kind.VALUE, at, "unk_id below " + vocab.size(), unknown.toString());
    }
  }
}
