package dev.heed.explorer;

import dev.heed.text.Tokenizer;
import java.nio.charset.StandardCharsets;

/** How tokens are shown. */
final class TokenSpelling {
  private TokenSpelling() {}

  /** What a token adds to a text; of one that adds none, its name. */
  static String of(Tokenizer tokenizer, int id) {
    String name = tokenizer.token(id).orElse(null);
    if (name == null) {
      return "#" + id; // a table may have more rows than the vocabulary has words
    }
    String text =
        tokenizer.isSpecial(id) ? "" : new String(tokenizer.bytes(id), StandardCharsets.UTF_8);
    return text.isEmpty() ? name : text;
  }
}
