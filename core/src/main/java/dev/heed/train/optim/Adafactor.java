package dev.heed.train.optim;

import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Adafactor (Shazeer and Stern 2018, algorithms 4 and 5): the running mean of g² is kept as the
 * means of its rows and columns over the last two dimensions, so that a matrix {@code [n, m]} takes
 * n + m numbers; tensors of fewer dimensions keep all of it.
 *
 * <p>{@code β₂ₜ = 1 - t^decay}; the update {@code g / √v̂} is divided by {@code max(1, RMS / d)},
 * multiplied by the rate, and goes through a running mean if β₁ is not 0; {@code p ← p - λη'p -
 * update}. The rate of a step is {@code η' = ρₜ · max(ε₂, RMS(p))} with {@code ρₜ} the step's own
 * or the relative one, {@code min(10⁻², 1/√t)}.
 *
 * @param epsilon1 ε₁, added to g²
 * @param epsilon2 ε₂, the least scale of a parameter
 * @param threshold d, what the root mean square of an update is clipped to
 * @param decay the exponent, below 0
 * @param beta1 β₁ in [0, 1); 0 keeps no mean of updates
 * @param weightDecay λ
 * @param scaleParameter whether the rate is multiplied by {@code max(ε₂, RMS(p))}
 * @param relativeStep whether the rate follows t and the step's own is left out
 * @param warmup whether the relative rate starts as {@code min(10⁻⁶ t, 1/√t)}
 */
public record Adafactor(
    double epsilon1,
    double epsilon2,
    double threshold,
    double decay,
    double beta1,
    double weightDecay,
    boolean scaleParameter,
    boolean relativeStep,
    boolean warmup)
    implements TensorRule {
  private static final String ROWS = "exp_avg_sq_row";
  private static final String COLUMNS = "exp_avg_sq_col";
  private static final String SQUARES = "exp_avg_sq";
  private static final String MEAN = "exp_avg";

  /** Checks the ranges. */
  public Adafactor {
    UpdateRule.requireFinite("epsilon1", epsilon1);
    UpdateRule.requireFinite("epsilon2", epsilon2);
    if (!(threshold > 0) || !(decay < 0)) {
      throw new IllegalArgumentException(
          "adafactor: expected clip_threshold above 0 and decay_rate below 0, got "
              + threshold
              + " and "
              + decay);
    }
    UpdateRule.require("beta1", beta1, 0, 1);
    UpdateRule.requireFinite("weight_decay", weightDecay);
    if (warmup && !relativeStep) {
      throw new IllegalArgumentException(
          "adafactor: warmup_init belongs to relative_step; set that too, or use a schedule");
    }
  }

  /** The paper's: relative steps scaled by the parameter, no mean of updates. */
  public Adafactor() {
    this(1e-30, 1e-3, 1, -0.8, 0, 0, true, true, false);
  }

  @Override
  public List<Slot> slots(Shape parameter) {
    List<Slot> slots = new ArrayList<>();
    long[] sizes = parameter.toArray();
    int rank = sizes.length;
    if (rank >= 2) {
      long[] rows = java.util.Arrays.copyOf(sizes, rank - 1);
      long[] columns = rows.clone();
      columns[rank - 2] = sizes[rank - 1];
      slots.add(new Slot(ROWS, Shape.of(rows)));
      slots.add(new Slot(COLUMNS, Shape.of(columns)));
    } else {
      slots.add(new Slot(SQUARES, parameter));
    }
    if (beta1 > 0) {
      slots.add(new Slot(MEAN, parameter));
    }
    return slots;
  }

  @Override
  public void apply(Tensor parameter, Tensor gradient, Slots slots, Step step) {
    double rate = rate(parameter, step);
    Tensor update = update(gradient, slots, 1 - Math.pow(step.number(), decay));
    Tensor change = update.mul(rate / Math.max(1, rootMeanSquare(update) / threshold));
    if (beta1 > 0) {
      double first = step.momentumOr(beta1);
      change = slots.get(MEAN).mulInPlace(first).addInPlace(change, 1 - first);
    }
    parameter.mulInPlace(1 - weightDecay * rate).addInPlace(change, -1);
  }

  private double rate(Tensor parameter, Step step) {
    double rate = step.rate();
    if (relativeStep) {
      double least = warmup ? 1e-6 * step.number() : 1e-2;
      rate = Math.min(least, 1 / Math.sqrt(step.number()));
    }
    return scaleParameter ? rate * Math.max(epsilon2, rootMeanSquare(parameter)) : rate;
  }

  /** {@code g / √v̂}. */
  private Tensor update(Tensor gradient, Slots slots, double beta2) {
    Tensor square = gradient.square().add(epsilon1);
    if (gradient.rank() < 2) {
      Tensor v = slots.get(SQUARES).mulInPlace(beta2).addInPlace(square, 1 - beta2);
      return gradient.mul(v.rsqrt());
    }
    Tensor rows = slots.get(ROWS).mulInPlace(beta2).addInPlace(square.mean(-1, false), 1 - beta2);
    Tensor columns =
        slots.get(COLUMNS).mulInPlace(beta2).addInPlace(square.mean(-2, false), 1 - beta2);
    Tensor left = rows.div(rows.mean(-1, true)).rsqrt().unsqueeze(-1);
    return gradient.mul(left).mul(columns.rsqrt().unsqueeze(-2));
  }

  private static double rootMeanSquare(Tensor tensor) {
    return Math.sqrt(tensor.square().mean().item());
  }

  @Override
  public boolean hasMomentum() {
    return beta1 > 0;
  }

  @Override
  public Adafactor withWeightDecay(double weight) {
    return new Adafactor(
        epsilon1, epsilon2, threshold, decay, beta1, weight, scaleParameter, relativeStep, warmup);
  }
}
