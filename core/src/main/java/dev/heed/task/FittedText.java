package dev.heed.task;

import dev.heed.text.Encoding;
import java.util.List;

/**
 * A text, or a pair, as a model reads it.
 *
 * @param encoding no longer than the model reads
 * @param cut whether the text was longer
 */
record FittedText(Encoding encoding, boolean cut) {
  /** How many tokens are read, special ones included. */
  int tokens() {
    return encoding.size();
  }

  static List<Encoding> encodings(List<FittedText> texts) {
    return texts.stream().map(FittedText::encoding).toList();
  }
}
