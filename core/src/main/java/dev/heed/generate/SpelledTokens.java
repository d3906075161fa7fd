package dev.heed.generate;

import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.Prefix;
import dev.heed.generate.logits.Scores;
import dev.heed.text.Tokenizer;

/**
 * Keeps only tokens that the tokenizer knows: embedding tables are often padded to a round size,
 * and what stands behind the vocabulary has no text.
 *
 * @param tokenizer of the texts that are written
 */
record SpelledTokens(Tokenizer tokenizer) implements LogitsProcessor {
  @Override
  public void process(Prefix prefix, double[] scores) {
    for (int token = tokenizer.vocabularySize(); token < scores.length; token++) {
      if (tokenizer.token(token).isEmpty()) {
        scores[token] = Scores.REMOVED;
      }
    }
  }
}
