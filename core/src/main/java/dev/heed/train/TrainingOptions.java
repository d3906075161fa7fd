package dev.heed.train;

import dev.heed.train.optim.Clip;
import dev.heed.train.schedule.Schedule;

/**
 * How long and in which way a model is trained.
 *
 * @param updates how many steps the optimiser takes
 * @param batches how many batches of the feed each update sums over. They are computed side by
 *     side, each on one thread, so that fewer than there are cores leaves some idle
 * @param seed of dropout
 * @param schedule of the learning rate
 * @param clip of the gradients
 * @param checkpointing whether layers forget their activations and compute them again, see {@link
 *     dev.heed.nn.GradientCheckpoint}
 * @param divergence how often the smoothed loss may be the first losses' mean before the run is
 *     given up; infinite for never
 */
public record TrainingOptions(
    long updates,
    int batches,
    long seed,
    Schedule schedule,
    Clip clip,
    boolean checkpointing,
    double divergence) {
  private static final int USUAL_BATCHES = 2;
  private static final double USUAL_DIVERGENCE = 5;

  /** Checks the ranges. */
  public TrainingOptions {
    if (updates < 0 || batches < 1 || !(divergence > 1)) {
      throw new IllegalArgumentException(
          "training: expected updates from 0, batches from 1 and a divergence above 1, got "
              + updates
              + ", "
              + batches
              + " and "
              + divergence);
    }
  }

  /** So many updates of two batches each, at a constant rate, clipped to a norm of 1. */
  public static TrainingOptions of(long updates) {
    return new TrainingOptions(
        updates, USUAL_BATCHES, 0, Schedule.CONSTANT, Clip.norm(1), false, USUAL_DIVERGENCE);
  }

  /** With so many batches an update. */
  public TrainingOptions withBatches(int count) {
    return new TrainingOptions(updates, count, seed, schedule, clip, checkpointing, divergence);
  }

  /** With another seed. */
  public TrainingOptions withSeed(long other) {
    return new TrainingOptions(updates, batches, other, schedule, clip, checkpointing, divergence);
  }

  /** With another schedule. */
  public TrainingOptions withSchedule(Schedule other) {
    return new TrainingOptions(updates, batches, seed, other, clip, checkpointing, divergence);
  }

  /** With another clip. */
  public TrainingOptions withClip(Clip other) {
    return new TrainingOptions(updates, batches, seed, schedule, other, checkpointing, divergence);
  }

  /** With layers that compute their activations again. */
  public TrainingOptions withCheckpointing() {
    return new TrainingOptions(updates, batches, seed, schedule, clip, true, divergence);
  }

  /** With another bound on the loss; infinite for none. */
  public TrainingOptions withDivergence(double factor) {
    return new TrainingOptions(updates, batches, seed, schedule, clip, checkpointing, factor);
  }
}
