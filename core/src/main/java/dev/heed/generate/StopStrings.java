package dev.heed.generate;

import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.StopCriterion;
import dev.heed.text.Tokenizer;
import java.util.List;

/**
 * Ends a sequence as soon as its generated text holds one of some texts.
 *
 * @param tokenizer of the model
 * @param texts each of a character or more
 */
public record StopStrings(Tokenizer tokenizer, List<String> texts) implements StopCriterion {
  /** Tokens without text, such as special ones, that a text may have among its own. */
  private static final int SILENT = 8;

  /** Copies the list. */
  public StopStrings {
    texts = List.copyOf(texts);
    if (texts.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException(
          "stop strings: expected texts of a character or more, got an empty one");
    }
  }

  @Override
  public boolean ends(Tokens sequence, int prompt) {
    // a token has a byte of text at least, and a character four at most
    int longest = texts.stream().mapToInt(String::length).max().orElse(0);
    int from = Math.max(prompt, sequence.size() - 4 * longest - SILENT);
    return first(Detokenizer.text(tokenizer, sequence, from)) >= 0;
  }

  /** Where the first of the texts begins in another, or -1. */
  int first(String text) {
    int first = -1;
    for (String stop : texts) {
      int at = text.indexOf(stop);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    return first;
  }

  /** How many of a text's last characters may be the beginning of a stop string. */
  int begun(String text) {
    int most = 0;
    for (String stop : texts) {
      for (int n = Math.min(stop.length() - 1, text.length()); n > most; n--) {
        if (text.endsWith(stop.substring(0, n))) {
          most = n;
        }
      }
    }
    return most;
  }
}
