package dev.heed.nn;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * An RMS norm of groups of neighbouring elements beside a gate: {@code norm(x ⊙ silu(z)) ⊙ g}
 * (Mamba 2), or {@code norm(x) ⊙ g ⊙ silu(z)}, with a parameter {@code weight [size]}.
 *
 * <p>Half precision is computed in f32.
 */
public final class GatedRmsNorm extends Module {
  private final Tensor weight;
  private final long groups;
  private final Norm norm;
  private final Order order;

  /** Which comes first. */
  public enum Order {
    /** What is normalised is gated already. */
    GATE_FIRST,
    /** The gate stands behind the norm. */
    NORM_FIRST
  }

  /**
   * A norm.
   *
   * @param groups each of which is normalised by itself; a divisor of {@code size}
   * @throws IllegalArgumentException if it is none
   */
  public GatedRmsNorm(Weights weights, long size, long groups, double epsilon, Order order) {
    super(weights);
    if (groups < 1 || size % groups != 0) {
      throw new IllegalArgumentException(
          weights.path() + ": expected groups that divide the size " + size + ", got " + groups);
    }
    this.weight = weights.parameter("weight", Initializer.ONES, size);
    this.groups = groups;
    this.norm = RmsNorm.plain(epsilon);
    this.order = order;
  }

  /**
   * Normalises and gates.
   *
   * @param x {@code [..., size]}
   * @param gate z, of the same shape
   */
  public Tensor apply(Tensor x, Tensor gate) {
    return TensorScope.run(() -> {
      Tensor open = gate.widened().silu();
      Tensor wide = order == Order.GATE_FIRST ? x.widened().mul(open) : x.widened();
      Tensor unit =
          groups == 1
              ? norm.apply(wide)
              : norm.apply(wide.unflatten(-1, groups, wide.size(-1) / groups)).flatten(-2, -1);
      Tensor scaled = unit.mul(weight.to(unit.dtype()));
      return (order == Order.NORM_FIRST ? scaled.mul(open) : scaled).to(x.dtype());
    });
  }
}
