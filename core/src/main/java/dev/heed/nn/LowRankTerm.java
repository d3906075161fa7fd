package dev.heed.nn;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A term of low rank that belongs to one use of a shared map: {@code y = x · Wᵀ + b + up(down(x))}
 * (Zamba2's adapters).
 *
 * @param down {@code [rank, in]}, without a bias
 * @param up {@code [out, rank]}, without a bias
 */
public record LowRankTerm(Linear down, Linear up) implements LinearAdaptation {
  /** Maps {@code 0} and {@code 1} below a path. */
  public static LowRankTerm of(Weights weights, long in, long rank, long out) {
    return new LowRankTerm(
        Linear.of(weights.child("0"), in, rank, false),
        Linear.of(weights.child("1"), rank, out, false));
  }

  @Override
  public Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return TensorScope.run(() -> x.linear(weight, bias).add(up.apply(down.apply(x))));
  }

  @Override
  public Tensor weight(Tensor weight) {
    return TensorScope.run(() -> weight.add(up.effectiveWeight().matmul(down.effectiveWeight())));
  }

  @Override
  public List<Tensor> parameters() {
    return List.of(down.weight(), up.weight());
  }
}
