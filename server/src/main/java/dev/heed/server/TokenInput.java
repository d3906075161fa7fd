package dev.heed.server;

import dev.heed.text.Tokenizer;
import tools.jackson.databind.JsonNode;

/** Texts that clients give as tokens. */
final class TokenInput {
  private TokenInput() {}

  /** Whether a value is a list of numbers. */
  static boolean isTokens(JsonNode value) {
    return value.isArray() && !value.isEmpty() && value.get(0).isNumber();
  }

  /**
   * Reads tokens.
   *
   * @throws dev.heed.web.Problem 400 for what is none of the vocabulary
   */
  static long[] read(Fields fields, String name, JsonNode value, Tokenizer tokenizer) {
    if (!isTokens(value)) {
      throw fields.wrong(name, "a text or a list of tokens", value);
    }
    long[] ids = new long[value.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode one = value.get(i);
      boolean known =
          one.isIntegralNumber()
              && one.canConvertToInt()
              && one.intValue() >= 0
              && tokenizer.token(one.intValue()).isPresent();
      if (!known) {
        throw fields.wrong(name, "tokens of the model's vocabulary", one);
      }
      ids[i] = one.intValue();
    }
    return ids;
  }
}
