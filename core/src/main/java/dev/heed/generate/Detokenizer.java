package dev.heed.generate;

import dev.heed.generate.logits.Tokens;
import dev.heed.text.Tokenizer;
import java.util.Arrays;

/**
 * Text from tokens that come one by one: what a token adds depends on those before it, and one
 * character may take several tokens, which are held back until it is whole.
 */
final class Detokenizer {
  /** How many tokens before the first are looked at, for spaces between words. */
  private static final int CONTEXT = 6;

  private static final String BROKEN = "\uFFFD";

  private final Tokenizer tokenizer;
  private long[] ids;
  private int size;

  /** What was decoded before the last text that was given out, and where that ends. */
  private int start;

  private int given;

  /** Begins after a prompt. */
  Detokenizer(Tokenizer tokenizer, Tokens prompt) {
    this.tokenizer = tokenizer;
    int from = Math.max(0, prompt.size() - CONTEXT);
    this.ids = Arrays.stream(prompt.from(from)).asLongStream().toArray();
    this.size = ids.length;
    this.given = size;
  }

  /** The text that a token adds; empty while a character is incomplete. */
  String add(int token) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size + 16);
    }
    ids[size++] = token;
    String text = decode(start, size);
    String before = decode(start, given);
    if (text.length() <= before.length() || text.endsWith(BROKEN)) {
      return "";
    }
    start = given;
    given = size;
    return text.substring(before.length());
  }

  /** What was held back to the end. */
  String end() {
    String text = decode(start, size);
    String before = decode(start, given);
    given = size;
    return text.length() > before.length() ? text.substring(before.length()) : "";
  }

  private String decode(int from, int to) {
    return tokenizer.decode(Arrays.copyOfRange(ids, from, to), false);
  }

  /** The whole text of a sequence's tokens from a place on. */
  static String text(Tokenizer tokenizer, Tokens sequence, int from) {
    Detokenizer detokenizer = new Detokenizer(tokenizer, sequence.first(from));
    StringBuilder text = new StringBuilder();
    for (int token : sequence.from(from)) {
      text.append(detokenizer.add(token));
    }
    return text.append(detokenizer.end()).toString();
  }
}
