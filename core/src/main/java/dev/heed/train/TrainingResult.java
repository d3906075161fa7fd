package dev.heed.train;

import java.util.OptionalDouble;

/**
 * How a run ended.
 *
 * @param updates made in all
 * @param loss of the last update; NaN if this run made none
 * @param tokens seen in all
 * @param bestUpdate after how many updates the score was best; 0 without evaluations
 * @param bestScore the best score
 * @param ending why it ended
 */
public record TrainingResult(
    long updates,
    double loss,
    long tokens,
    long bestUpdate,
    OptionalDouble bestScore,
    Ending ending) {
  /** Why a run ends. */
  public enum Ending {
    /** All updates are made. */
    COMPLETE,
    /** The score has not become better for as long as the patience lasts. */
    NO_BETTER,
    /** Somebody called {@link Trainer#stop}. */
    STOPPED
  }
}
