package dev.heed.nn.moe;

import dev.heed.nn.Activation;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gated networks whose maps are stored in stacks: {@code y = gating(x · Wₑ + bₑ) · Vₑ + cₑ}, where
 * {@code gating} takes the {@code 2·inner} values of gate and content to {@code inner} values.
 */
public final class StackedExperts extends Module implements Experts {
  private final Map inner;
  private final Map outer;
  private final UnaryOperator<Tensor> gating;

  /**
   * A stack of maps.
   *
   * @param weight {@code [E, in, out]}, or {@code [E, out, in]} where it is transposed
   * @param bias {@code [E, out]}, or null
   * @param transposed whether outputs come first
   */
  public record Map(Tensor weight, @Nullable Tensor bias, boolean transposed) {
    Tensor apply(int expert, Tensor x) {
      Tensor own = weight.select(0, expert);
      Tensor product = x.matmul(transposed ? own.transpose(0, 1) : own);
      return bias == null ? product : product.add(bias.select(0, expert));
    }
  }

  /**
   * Experts of two stacks.
   *
   * @param inner to {@code 2·inner} values
   * @param outer back
   * @param gating of the inner values, {@link #halves} or another
   */
  public StackedExperts(Weights weights, Map inner, Map outer, UnaryOperator<Tensor> gating) {
    super(weights);
    this.inner = inner;
    this.outer = outer;
    this.gating = gating;
  }

  /** {@code f(first half) ⊙ second half}. */
  public static UnaryOperator<Tensor> halves(Activation activation) {
    return x -> {
      List<Tensor> halves = x.chunk(2, -1);
      return activation.apply(halves.get(0)).mul(halves.get(1));
    };
  }

  /** The same experts behind a norm of what each is given. */
  public Experts behind(Norm norm) {
    StackedExperts own = this;
    return new Experts() {
      @Override
      public int count() {
        return own.count();
      }

      @Override
      public Tensor apply(int expert, Tensor x) {
        return own.apply(expert, norm.apply(x));
      }
    };
  }

  @Override
  public int count() {
    return Math.toIntExact(inner.weight().size(0));
  }

  @Override
  public Tensor apply(int expert, Tensor x) {
    return outer.apply(expert, gating.apply(inner.apply(expert, x)));
  }
}
