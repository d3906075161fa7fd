package dev.heed.generate.logits;

import java.util.Arrays;
import java.util.List;

/**
 * Favours what the encoder read: {@link RepetitionPenalty} by {@code 1/penalty} on the tokens of
 * the encoder's input, against inventions.
 *
 * @param penalty above 0; above 1 favours the input's tokens
 * @param inputs the encoder's tokens of every input
 */
public record EncoderRepetitionPenalty(double penalty, List<Tokens> inputs)
    implements LogitsProcessor {
  /** Checks the penalty. */
  public EncoderRepetitionPenalty {
    Range.require(penalty > 0, "encoder_repetition_penalty", "a number above 0", penalty);
    inputs = List.copyOf(inputs);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    // an encoder may have a vocabulary of its own
    int[] tokens =
        Arrays.stream(inputs.get(prefix.input()).toArray())
            .filter(token -> token < scores.length)
            .toArray();
    RepetitionPenalty.penalise(scores, tokens, 1 / penalty);
  }
}
