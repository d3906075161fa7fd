package dev.heed.train;

import java.nio.file.Path;

/**
 * When and where a run is saved, and which of its checkpoints are kept.
 *
 * @param folder made if it is not there; a run that finds its checkpoints there goes on from the
 *     newest
 * @param every how many updates, from 1; the last update and each evaluation are saved besides
 * @param newest how many of the newest are kept, from 1
 * @param best how many with the best scores are kept besides, from 0
 */
public record CheckpointPolicy(Path folder, long every, int newest, int best) {
  /** Checks the ranges. */
  public CheckpointPolicy {
    if (every < 1 || newest < 1 || best < 0) {
      throw new IllegalArgumentException(
          "checkpoints: expected every 1 or more updates, 1 or more newest and 0 or more best to"
              + " keep, got "
              + every
              + ", "
              + newest
              + " and "
              + best);
    }
  }

  /** Keeps the two newest and the best. */
  public static CheckpointPolicy of(Path folder, long every) {
    return new CheckpointPolicy(folder, every, 2, 1);
  }

  /** Keeps so many with the best scores, to average them. */
  public CheckpointPolicy keepingBest(int count) {
    return new CheckpointPolicy(folder, every, newest, count);
  }
}
