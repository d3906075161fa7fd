package dev.heed.train;

import java.nio.file.Path;

/** Is told how a run goes; called on the run's own thread, between updates. */
public interface TrainingListener extends AutoCloseable {
  /**
   * An update was made.
   *
   * @param number of updates made by now
   * @param of how many there will be
   * @param epoch the data's, from 0
   * @param loss the mean over what counted in the update, before it
   * @param gradientNorm before clipping
   * @param clipped whether the gradients were made smaller
   * @param rate of the first group
   * @param tokens of the update
   * @param seconds it took, everything included
   */
  record Update(
      long number,
      long of,
      long epoch,
      double loss,
      double gradientNorm,
      boolean clipped,
      double rate,
      long tokens,
      double seconds) {}

  /**
   * The model was evaluated.
   *
   * @param update how many updates were made before
   * @param metric the score's name
   * @param score its value
   * @param best whether it is the best so far
   */
  record Score(long update, String metric, double score, boolean best) {}

  /**
   * The run begins, or goes on after so many updates: what was reported of later ones is void.
   *
   * @param update how many updates were made before
   * @param of how many there will be
   */
  default void started(long update, long of) {}

  /** An update was made. */
  default void updated(Update update) {}

  /** The model was evaluated. */
  default void evaluated(Score score) {}

  /** A checkpoint was written. */
  default void saved(Path folder) {}

  /** The run is over, or was given up. */
  @Override
  default void close() {}
}
