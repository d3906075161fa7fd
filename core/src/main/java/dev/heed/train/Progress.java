package dev.heed.train;

import dev.heed.train.data.DataPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

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

  /** All of it, for another process. */
  long[] numbers() {
    LongStream own =
        LongStream.of(
            updates,
            position.epoch(),
            position.batch(),
            tokens,
            Double.doubleToRawLongBits(firstLosses),
            Double.doubleToRawLongBits(smoothedLoss));
    LongStream scored =
        scores.stream()
            .flatMapToLong(
                one -> LongStream.of(one.update(), Double.doubleToRawLongBits(one.score())));
    return LongStream.concat(own, scored).toArray();
  }

  /** What {@link #numbers} said. */
  static Progress of(long[] numbers) {
    Progress progress = new Progress();
    progress.updates = numbers[0];
    progress.position = new DataPosition(numbers[1], (int) numbers[2]);
    progress.tokens = numbers[3];
    progress.firstLosses = Double.longBitsToDouble(numbers[4]);
    progress.smoothedLoss = Double.longBitsToDouble(numbers[5]);
    for (int i = 6; i < numbers.length; i += 2) {
      progress.scores.add(new Scored(numbers[i], Double.longBitsToDouble(numbers[i + 1])));
    }
    return progress;
  }

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
