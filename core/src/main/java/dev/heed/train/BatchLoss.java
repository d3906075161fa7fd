package dev.heed.train;

import dev.heed.tensor.Tensor;

/**
 * The loss of one batch.
 *
 * @param loss a scalar, the mean over what counts in the batch
 * @param weight how much counts: targets, for a mean over those of all batches of an update; 1 for
 *     the mean of the batches' means. A batch of weight 0 changes nothing
 * @param tokens for the speed in reports
 */
public record BatchLoss(Tensor loss, double weight, long tokens) {
  /** Checks the range. */
  public BatchLoss {
    if (!(weight >= 0 && Double.isFinite(weight))) {
      throw new IllegalArgumentException("loss: expected a weight from 0, got " + weight);
    }
  }

  /** A loss that counts as much as any other batch's. */
  public static BatchLoss of(Tensor loss, long tokens) {
    return new BatchLoss(loss, 1, tokens);
  }
}
