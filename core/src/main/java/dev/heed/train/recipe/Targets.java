package dev.heed.train.recipe;

import dev.heed.nn.loss.CrossEntropy;
import dev.heed.tensor.Tensor;

/**
 * Scores and what they should have been, row by row.
 *
 * @param logits {@code [N, C]}
 * @param labels i64 {@code [N]}; -100 counts nothing
 */
record Targets(Tensor logits, Tensor labels) {
  /**
   * Of a batch.
   *
   * @param logits {@code [B, C]} or {@code [B, T, C]}
   * @param labels {@code [B]} or {@code [B, T]}
   * @param next whether a place predicts the label of the next one
   */
  static Targets of(Tensor logits, Tensor labels, boolean next) {
    if (labels.rank() == 1) {
      return new Targets(logits, labels);
    }
    long time = labels.size(1);
    Tensor scores = next ? logits.narrow(1, 0, time - 1) : logits;
    Tensor wanted = wanted(labels, next);
    return new Targets(scores.flatten(0, 1), wanted.flatten(0, 1));
  }

  private static Tensor wanted(Tensor labels, boolean next) {
    return next && labels.rank() == 2 ? labels.narrow(1, 1, labels.size(1) - 1) : labels;
  }

  /** How many labels count. */
  static long counted(Tensor labels, boolean next) {
    return wanted(labels, next).ne(CrossEntropy.IGNORED).sum().itemLong();
  }
}
