package dev.heed.explain;

import dev.heed.explain.measure.Divergence;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Whether other attention would have given the same prediction: if it would, the map that was there
 * explains little (Jain and Wallace, Attention is not Explanation, NAACL 2019, section 4.2).
 *
 * @param attention that was there, {@code […, keys]}
 * @param alternatives {@code [trials, …, keys]}
 * @param prediction class probabilities {@code [rows, classes]}
 * @param predictions with each alternative {@code [trials, rows, classes]}
 */
public record AttentionAlternatives(
    Tensor attention, Tensor alternatives, Tensor prediction, Tensor predictions) {

  /**
   * Predicts with each alternative.
   *
   * @param predict from attention to class probabilities {@code [rows, classes]}; in a model, a run
   *     that patches the attention's trace point
   */
  public static AttentionAlternatives of(
      Tensor attention, Tensor alternatives, UnaryOperator<Tensor> predict) {
    if (alternatives.rank() != attention.rank() + 1 || alternatives.size(0) == 0) {
      throw new ShapeException(
          "alternative attention: expected [trials, …] with at least one trial before "
              + attention.shape()
              + ", got "
              + alternatives.shape());
    }
    return TensorScope.run(() -> {
      List<Tensor> predictions = new ArrayList<>();
      for (int trial = 0; trial < alternatives.size(0); trial++) {
        predictions.add(predict.apply(alternatives.select(0, trial)));
      }
      return new AttentionAlternatives(
          attention.alias(),
          alternatives.alias(),
          predict.apply(attention),
          Tensor.stack(predictions, 0));
    });
  }

  /**
   * Shuffles the weights: {@code A'[…, j] = A[…, permutation[trial, …, j]]}.
   *
   * @param permutations i64 {@code [trials, …, keys]}, each dimension as in the attention or 1
   */
  public static AttentionAlternatives permuted(
      Tensor attention, Tensor permutations, UnaryOperator<Tensor> predict) {
    return TensorScope.run(() -> {
      List<Tensor> shuffled = new ArrayList<>();
      long[] sizes = attention.shape().toArray();
      for (int trial = 0; trial < permutations.size(0); trial++) {
        Tensor places = permutations.select(0, trial).expand(sizes).contiguous();
        shuffled.add(attention.gather(-1, places));
      }
      return of(attention, Tensor.stack(shuffled, 0), predict);
    });
  }

  /** How far each prediction is from the true one: {@code [trials, rows]}, from 0 to 1. */
  public Tensor totalVariation() {
    return Divergence.totalVariation(predictions, prediction);
  }

  /** The median over trials: f64 {@code [rows]}. Near 0, the map hardly mattered. */
  public Tensor medianTotalVariation() {
    return TensorScope.run(() -> {
      Tensor byRow = totalVariation().transpose(0, 1);
      int trials = Math.toIntExact(byRow.size(1));
      double[] all = byRow.contiguous().toDoubleArray();
      double[] medians = new double[all.length / trials];
      for (int row = 0; row < medians.length; row++) {
        double[] sorted = Arrays.copyOfRange(all, row * trials, (row + 1) * trials);
        Arrays.sort(sorted);
        medians[row] = (sorted[(trials - 1) / 2] + sorted[trials / 2]) / 2;
      }
      return Tensor.of(medians, medians.length);
    });
  }

  /** How far each alternative is from the attention: {@code [trials, …]}, from 0 to ln 2. */
  public Tensor divergence() {
    return Divergence.jensenShannon(alternatives, attention);
  }

  /**
   * The adversarial one: of all alternatives that hardly change the prediction, that which is
   * farthest from the attention. For attention of one map a row, {@code [rows, keys]}.
   *
   * @param epsilon the largest change of the prediction, in total variation
   * @return for each row the trial, or -1 if every alternative changes more
   */
  public long[] adversarial(double epsilon) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor change = totalVariation();
      Tensor away = divergence();
      if (!change.shape().equals(away.shape())) {
        throw new ShapeException(
            "adversarial attention: expected one map for each row of "
                + change.shape()
                + ", got maps "
                + away.shape());
      }
      int rows = Math.toIntExact(change.size(1));
      double[] changes = change.toDoubleArray();
      double[] distances = away.toDoubleArray();
      long[] best = new long[rows];
      Arrays.fill(best, -1);
      for (int i = 0; i < changes.length; i++) {
        int row = i % rows;
        boolean farther = best[row] < 0 || distances[i] > distances[(int) best[row] * rows + row];
        if (changes[i] <= epsilon && farther) {
          best[row] = i / rows;
        }
      }
      return best;
    }
  }
}
