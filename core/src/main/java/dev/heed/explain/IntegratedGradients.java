package dev.heed.explain;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Integrated gradients: what each number of the input adds to a score, on the straight way from a
 * baseline that says nothing.
 *
 * <p>{@code (x - x') · mean over α of ∂f/∂x at x' + α (x - x')} (Sundararajan, Taly and Yan,
 * Axiomatic Attribution for Deep Networks, ICML 2017, equation 3).
 *
 * @param attributions of the input's shape {@code [batch, …]}
 * @param difference {@code f(x) - f(x')} of each row, {@code [batch]}: what the attributions add up
 *     to with enough steps
 */
public record IntegratedGradients(Tensor attributions, Tensor difference) {
  /** Where on the way gradients are taken, for n steps. */
  public enum Rule {
    /** At k/n for k from 1 to n, as in the paper. */
    RIGHT,
    /** At k/n for k from 0 to n - 1. */
    LEFT,
    /** At (k - 1/2)/n for k from 1 to n. */
    MIDPOINT,
    /** At k/n for k from 0 to n, both ends with half the weight. */
    TRAPEZOID;

    private double place(int k, int steps) {
      return switch (this) {
        case RIGHT -> (k + 1.0) / steps;
        case LEFT, TRAPEZOID -> (double) k / steps;
        case MIDPOINT -> (k + 0.5) / steps;
      };
    }

    private double weight(int k, int steps) {
      boolean end = this == TRAPEZOID && (k == 0 || k == steps);
      return (end ? 0.5 : 1) / steps;
    }
  }

  /**
   * Attributes the score.
   *
   * @param baseline of the input's shape or broadcast to it, for example zeros
   * @param steps how many, 50 is usual
   * @throws IllegalArgumentException if there is not at least one step
   */
  public static IntegratedGradients of(ScoredValue scored, Tensor baseline, int steps, Rule rule) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "integrated gradients: expected at least 1 step, got " + steps);
    }
    return TensorScope.run(() -> {
      Tensor value = scored.value().detach();
      Tensor way = value.sub(baseline);
      Tensor start = value.sub(way);
      Tensor mean = Tensor.zeros(value.shape(), value.dtype());
      int places = rule == Rule.TRAPEZOID ? steps + 1 : steps;
      for (int k = 0; k < places; k++) {
        double place = rule.place(k, steps);
        double weight = rule.weight(k, steps);
        TensorScope.run(() -> {
          Tensor gradient = InputGradients.gradient(scored, start.add(way.mul(place)));
          return mean.addInPlace(gradient, weight).alias();
        });
      }
      Tensor difference = scored.score().apply(value).sub(scored.score().apply(start)).detach();
      return new IntegratedGradients(way.mul(mean), difference);
    });
  }

  /** What each token adds: the sum over its numbers, {@code [batch, …]}. */
  public Tensor perToken() {
    return attributions.sum(-1, false);
  }

  /** How far the attributions' sum is from the difference, for each row: {@code [batch]}. */
  public Tensor gap() {
    return TensorScope.run(() -> attributions.flatten(1, -1).sum(-1, false).sub(difference));
  }
}
