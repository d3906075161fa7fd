package dev.heed.generate.search;

import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.Prefix;
import dev.heed.generate.logits.Scores;
import dev.heed.generate.logits.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Guesses by a smaller model of the same vocabulary (Leviathan et al. 2023, "Fast Inference from
 * Transformers via Speculative Decoding", section 2).
 */
public final class ModelDrafter implements Drafter {
  private final Decoder decoder;
  private final LogitsProcessor rules;
  private final boolean sample;
  private final double confidence;

  /** What the decoder has taken. */
  private Tokens taken = Tokens.of();

  /**
   * A drafter.
   *
   * @param decoder fresh, of one row; the drafter owns it
   * @param rules what the guess obeys, best the same as the sequence itself
   * @param sample whether tokens are drawn rather than the best taken
   * @param confidence below this probability of a token it stops guessing after it; 0: never
   */
  public ModelDrafter(Decoder decoder, LogitsProcessor rules, boolean sample, double confidence) {
    this.decoder = decoder;
    this.rules = rules;
    this.sample = sample;
    this.confidence = confidence;
  }

  @Override
  public Draft guess(Tokens sequence, int most, Uniforms uniforms) {
    forgetWhatWasWrong(sequence);
    Tokens guessed = sequence;
    List<double[]> probabilities = new ArrayList<>();
    while (guessed.size() - sequence.size() < most) {
      int[][] fresh = {guessed.from(taken.size())};
      double[] scores = decoder.feed(fresh, Decoder.Wanted.LAST_SCORES).last(0);
      taken = guessed;
      rules.process(new Prefix(guessed, sequence.size(), sequence.size() + most + 1, 0), scores);
      double[] row = Scores.softmax(scores);
      int token = sample ? Uniforms.draw(row, uniforms.at(1, guessed.size(), 0)) : Scores.best(row);
      if (!(row[token] > 0)) {
        break; // the rules leave nothing to guess
      }
      probabilities.add(row);
      guessed = guessed.plus(token);
      if (row[token] < confidence) {
        break;
      }
    }
    return new Draft(guessed.from(sequence.size()), sample ? probabilities : List.of());
  }

  /** Goes back to the last token that the sequence still has, and leaves one to feed. */
  private void forgetWhatWasWrong(Tokens sequence) {
    int[] before = taken.toArray();
    int[] now = sequence.toArray();
    int common = Arrays.mismatch(before, now);
    int length = Math.min(common < 0 ? before.length : common, now.length - 1);
    if (length < before.length) {
      decoder.truncate(length);
      taken = taken.first(length);
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
