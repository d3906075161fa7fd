package dev.heed.train;

/**
 * When a run is evaluated, and when it ends because nothing gets better.
 *
 * @param evaluation the score; the averaged weights' where weights are averaged
 * @param every how many updates, from 1; after the last update in any case
 * @param patience after how many scores that are no better than the best the run ends; 0 for never
 */
public record EvaluationPolicy(Evaluation evaluation, long every, int patience) {
  /** Checks the ranges. */
  public EvaluationPolicy {
    if (every < 1 || patience < 0) {
      throw new IllegalArgumentException(
          "evaluation: expected every 1 or more updates and a patience from 0, got "
              + every
              + " and "
              + patience);
    }
  }
}
