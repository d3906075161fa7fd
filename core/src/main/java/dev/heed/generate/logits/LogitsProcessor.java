package dev.heed.generate.logits;

/**
 * A rule that changes the scores of what may follow a sequence.
 *
 * <p>Values of this type hold no state, so one may serve many rows and threads.
 */
@FunctionalInterface
public interface LogitsProcessor {
  /** The rule that changes nothing. */
  LogitsProcessor NONE = (prefix, scores) -> {};

  /**
   * Changes one row of scores.
   *
   * @param prefix the sequence that the next token shall follow
   * @param scores one a token of the vocabulary, as logits or log-probabilities; changed in place
   */
  void process(Prefix prefix, double[] scores);

  /** This rule, and then another on what it leaves. */
  default LogitsProcessor then(LogitsProcessor next) {
    return (prefix, scores) -> {
      process(prefix, scores);
      next.process(prefix, scores);
    };
  }
}
