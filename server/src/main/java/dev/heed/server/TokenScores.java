package dev.heed.server;

import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.Prefix;
import dev.heed.generate.logits.Scores;
import java.util.ArrayList;
import java.util.List;

/**
 * The model's own log-probabilities of what may follow, {@code log softmax(scores)}, before
 * temperature, cuts and constraints; changes nothing.
 */
final class TokenScores implements LogitsProcessor {
  private final int top;
  private double[] last = {};

  /**
   * A token and its log-probability.
   *
   * @param token its number
   */
  record Scored(int token, double logProbability) {}

  /**
   * A chosen token, and the likeliest in its place.
   *
   * @param best likeliest first
   */
  record Choice(Scored chosen, List<Scored> best) {}

  /**
   * Looks at scores.
   *
   * @param top how many of the likeliest are told
   */
  TokenScores(int top) {
    this.top = top;
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    last = scores.clone();
    Scores.logSoftmax(last);
  }

  /** What was chosen by the last scores. */
  Choice choice(int token) {
    List<Scored> best = new ArrayList<>();
    for (int one : Scores.best(last, Math.min(top, last.length))) {
      best.add(new Scored(one, last[one]));
    }
    return new Choice(new Scored(token, last[token]), best);
  }
}
