package dev.heed.attention;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Differential attention over heads that come in two halves: head h of the second half is
 * subtracted, times λ, from head h of the first, and both read values of two heads side by side
 * (DiffLlama, after Ye et al. 2024, section 2.1).
 *
 * <p>{@code λ = exp(λ_q1·λ_k1) − exp(λ_q2·λ_k2) + λ₀}; what comes out is normalised and multiplied
 * by {@code 1 − λ₀}. Weights are those of all heads, before the subtraction. Parameters: {@code
 * lambda_q1}, {@code lambda_k1}, {@code lambda_q2}, {@code lambda_k2} {@code [D]}.
 */
public final class DifferentialHeads extends Module implements AttentionMechanism {
  private final AttentionMechanism each;
  private final List<Tensor> lambdas;
  private final double first;
  private final Norm norm;

  /**
   * A mechanism of an even number of heads.
   *
   * @param headSize D
   * @param each what every head reads by
   * @param lambdaInit λ₀, in {@code [0, 1)}
   * @param deviation of the parameters' first values
   * @param epsilon of the norm
   */
  public DifferentialHeads(
      Weights weights,
      long headSize,
      AttentionMechanism each,
      double lambdaInit,
      double deviation,
      double epsilon) {
    super(weights);
    this.each = each;
    Initializer start = Initializer.normal(deviation);
    this.lambdas =
        List.of(
            weights.parameter("lambda_q1", start, headSize),
            weights.parameter("lambda_k1", start, headSize),
            weights.parameter("lambda_q2", start, headSize),
            weights.parameter("lambda_k2", start, headSize));
    this.first = lambdaInit;
    this.norm = RmsNorm.plain(epsilon);
  }

  /** Reads; the output has half as many heads as there are queries, of twice the size. */
  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    return TensorScope.run(() -> {
      // An odd number of key heads is cut in the middle of one, so each query head gets its own.
      boolean odd = k.size(1) % 2 != 0;
      Tensor keys = odd ? ScaledDotProduct.perQueryHead(k, q) : k;
      List<Tensor> halves = (odd ? ScaledDotProduct.perQueryHead(v, q) : v).chunk(2, 1);
      Tensor both = Tensor.cat(halves, -1); // [B, Hkv / 2, Tk, 2·D]
      AttentionOutput heard = each.apply(q, keys, Tensor.cat(List.of(both, both), 1), request);
      List<Tensor> parts = heard.output().chunk(2, 1);
      Tensor difference = parts.get(0).sub(parts.get(1).mul(lambda().to(q.dtype())));
      return new AttentionOutput(norm.apply(difference).mul(1 - first), heard.weights());
    });
  }

  private Tensor lambda() {
    Tensor plus = lambdas.get(0).mul(lambdas.get(1)).sum().exp();
    Tensor minus = lambdas.get(2).mul(lambdas.get(3)).sum().exp();
    return plus.sub(minus).add(first);
  }
}
