package dev.heed.generate;

import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.Finish;
import dev.heed.text.Tokenizer;

/**
 * The text of tokens that come one by one, in pieces that will not change: what may be the
 * beginning of a stop string, and a character of which a part is missing, is held back.
 */
final class TextPieces {
  private final StopStrings stops;
  private final Detokenizer detokenizer;
  private final StringBuilder held = new StringBuilder();

  /** Begins after a prompt. */
  TextPieces(Tokenizer tokenizer, Tokens prompt, StopStrings stops) {
    this.detokenizer = new Detokenizer(tokenizer, prompt);
    this.stops = stops;
  }

  /** What is settled with one token more; may be empty. */
  String add(int token) {
    held.append(detokenizer.add(token));
    String text = held.toString();
    int stop = stops.first(text);
    int settled = stop >= 0 ? stop : text.length() - stops.begun(text);
    held.delete(0, settled);
    return text.substring(0, settled);
  }

  /** What is left when the last token has come. */
  String end(Finish finish) {
    held.append(detokenizer.end());
    int stop = finish == Finish.STOPPED ? stops.first(held.toString()) : -1;
    String rest = stop < 0 ? held.toString() : held.substring(0, stop);
    held.setLength(0);
    return rest;
  }
}
