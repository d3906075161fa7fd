package dev.heed.train;

import dev.heed.train.data.DataPosition;
import java.util.ArrayList;
import java.util.List;

/** How far a run is, apart from the tensors: all that decides what it does next. */
final class Progress {
  /** How many first losses a later one is compared with. */
  private static final int FIRST = 20;

  private static final double SMOOTHING = 0.9;

  /**
   * A score that was reached.
   *
   * @param update after how many updates
   */
  record Scored(long update, double score) {}

  long updates;
  DataPosition position = DataPosition.START;
  long tokens;
  final List<Scored> scores = new ArrayList<>();
  double firstLosses;
  double smoothedLoss;

  /** Takes a loss in, and says how often it is what the first ones were, smoothed. */
  double follow(double loss) {
    if (updates < FIRST) {
      firstLosses += loss / FIRST;
      smoothedLoss = loss;
      return 1;
    }
    smoothedLoss = SMOOTHING * smoothedLoss + (1 - SMOOTHING) * loss;
    return firstLosses > 0 ? smoothedLoss / firstLosses : 1;
  }
}
