package dev.heed.nn;

import dev.heed.tensor.FusedRmsNorm;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x / √(mean(x²) + ε) · g} over the last dimension (Zhang and Sennrich 2019).
 *
 * <p>Half precision is squared and averaged in f32.
 */
public final class RmsNorm extends Module implements Norm {
  private final @Nullable Tensor weight;
  private final double epsilon;
  private final double offset;

  private RmsNorm(Weights weights, @Nullable Tensor weight, double epsilon, double offset) {
    super(weights);
    this.weight = weight;
    this.epsilon = epsilon;
    this.offset = offset;
  }

  /** With a parameter {@code weight [size]} that is the gain {@code g}. */
  public RmsNorm(Weights weights, long size, double epsilon) {
    this(weights, weights.parameter("weight", Initializer.ONES, size), epsilon, 0);
  }

  /** With a parameter {@code weight [size]} to which 1 is added: {@code g = 1 + weight} (Gemma). */
  public static RmsNorm aroundOne(Weights weights, long size, double epsilon) {
    return new RmsNorm(weights, weights.parameter("weight", Initializer.ZEROS, size), epsilon, 1);
  }

  /** Without parameters: {@code g = 1}. */
  public static Norm plain(double epsilon) {
    return x -> apply(x, null, epsilon, 0);
  }

  /** Normalises {@code [..., size]}. */
  @Override
  public Tensor apply(Tensor x) {
    return apply(x, weight, epsilon, offset);
  }

  private static Tensor apply(Tensor x, @Nullable Tensor weight, double epsilon, double offset) {
    return FusedRmsNorm.fits(x, weight)
        ? FusedRmsNorm.apply(x, weight, epsilon, offset)
        : composed(x, weight, epsilon, offset);
  }

  /** By an operator for each step. */
  static Tensor composed(Tensor x, @Nullable Tensor weight, double epsilon, double offset) {
    return TensorScope.run(() -> {
      Tensor unit = normalised(x, epsilon);
      if (weight == null) {
        return unit.to(x.dtype());
      }
      return offset == 0
          ? unit.to(x.dtype()).mul(weight)
          : unit.mul(weight.to(unit.dtype()).add(offset)).to(x.dtype());
    });
  }

  private static Tensor normalised(Tensor x, double epsilon) {
    Tensor wide = x.widened();
    return wide.mul(wide.square().mean(-1, true).add(epsilon).rsqrt());
  }
}
