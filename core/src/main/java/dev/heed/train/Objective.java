package dev.heed.train;

import dev.heed.nn.Trace;

/**
 * What is trained for: a batch's loss.
 *
 * @param <B> a batch
 */
@FunctionalInterface
public interface Objective<B> {
  /**
   * Computes the loss of one batch; called on several threads at once.
   *
   * <p>All that is drawn at random must come from the trace's generator, so that a resumed run
   * draws the same.
   *
   * @param batch its tensors belong to the current scope
   * @param trace a training run, or {@link Trace#NONE} in an evaluation
   */
  BatchLoss of(B batch, Trace trace);
}
