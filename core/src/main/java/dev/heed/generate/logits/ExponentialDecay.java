package dev.heed.generate.logits;

import java.util.List;

/**
 * Makes the end more likely the longer a sequence grows.
 *
 * @param after how many generated tokens it begins
 * @param factor above 0; its power of {@code n}, the tokens beyond that, is what counts
 * @param ends tokens that end a sequence
 * @param form how the power enters
 */
public record ExponentialDecay(int after, double factor, List<Integer> ends, Form form)
    implements LogitsProcessor {
  /** How the power enters the score {@code s} of the end. */
  public enum Form {
    /** {@code s · factorⁿ}, which makes a negative score smaller; Transformers until 4.33. */
    MULTIPLY,
    /** {@code s + |s| · (factorⁿ - 1)}, whatever the sign; Transformers since. */
    ADD
  }

  /** Checks the options. */
  public ExponentialDecay {
    Range.require(after >= 0, "exponential_decay_length_penalty", "a start of at least 0", after);
    Range.require(factor > 0, "exponential_decay_length_penalty", "a factor above 0", factor);
    ends = List.copyOf(ends);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    int beyond = prefix.generated() - after;
    if (beyond <= 0) {
      return;
    }
    Range.requireTokens("eos_token_id", scores.length, ends);
    double power = Math.pow(factor, beyond);
    for (int end : ends) {
      scores[end] =
          switch (form) {
            case MULTIPLY -> scores[end] * power;
            case ADD ->
                scores[end] == Scores.REMOVED
                    ? Scores.REMOVED
                    : scores[end] + Math.abs(scores[end]) * (power - 1);
          };
    }
  }
}
