package dev.heed.generate.logits;

import java.util.List;

/**
 * Removes each token that would complete an n-gram of the encoder's input, so that the output does
 * not copy (Roller et al. 2021, "Recipes for Building an Open-Domain Chatbot", section 4.2).
 *
 * @param size of the n-grams, at least 1
 * @param inputs the encoder's tokens of every input
 */
public record EncoderNoRepeatNgram(int size, List<Tokens> inputs) implements LogitsProcessor {
  /** Checks the size. */
  public EncoderNoRepeatNgram {
    Range.require(size >= 1, "encoder_no_repeat_ngram_size", "at least 1", size);
    inputs = List.copyOf(inputs);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    NoRepeatNgram.remove(prefix.tokens(), size, inputs.get(prefix.input()), scores);
  }
}
