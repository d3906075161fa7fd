package dev.heed.mixer.statespace;

import dev.heed.tensor.Fourier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * State spaces with a diagonal matrix, as S4D and H3 use them.
 *
 * <p>{@code K[l] = 2 Re Σₙ Cₙ B̄ₙ Āₙˡ} over one half of each conjugate pair (Gu et al. 2022, "On
 * the Parameterization and Initialization of Diagonal State Space Models", section 3.2): a
 * Vandermonde product of cost O(N L). With {@code l = i √L + j} it is a product of the matrices
 * {@code Cₙ B̄ₙ Āₙ^(i √L)} and {@code Āₙʲ}, which hold N √L powers instead of N L.
 *
 * @param a complex {@code [H, N]}, real parts negative
 * @param b complex {@code [H, N]}
 * @param c complex {@code [K, H, N]}
 * @param step Δ, real {@code [H]}, positive
 * @param discretisation how steps are made
 */
public record DiagonalSystem(
    Tensor a, Tensor b, Tensor c, Tensor step, Discretisation discretisation)
    implements StateSpaceKernel {

  /** The diagonal Ā and B̄ of one step, both {@code [H, N]}, and {@code log Ā}. */
  private record Discrete(Tensor a, Tensor logA, Tensor b) {}

  private Discrete discrete() {
    Tensor dt = step.unsqueeze(-1);
    Tensor scaled = a.mul(dt);
    return switch (discretisation) {
      case ZERO_ORDER_HOLD -> {
        Tensor discreteA = scaled.exp();
        yield new Discrete(discreteA, scaled, discreteA.sub(1).div(a).mul(b));
      }
      case BILINEAR -> {
        Tensor half = scaled.mul(0.5);
        Tensor below = half.neg().add(1);
        Tensor discreteA = half.add(1).div(below);
        yield new Discrete(discreteA, discreteA.log(), b.mul(dt).div(below));
      }
    };
  }

  @Override
  public Tensor kernel(long length) {
    return TensorScope.run(() -> {
      Discrete discrete = discrete();
      long stride = (long) Math.ceil(Math.sqrt(length));
      long strides = Math.ceilDiv(length, stride);
      Tensor near = powers(discrete, Tensor.arange(stride, step.dtype())); // [H, N, stride]
      Tensor far = powers(discrete, Tensor.arange(strides, step.dtype()).mul(stride));
      Tensor weights = c.mul(discrete.b()).transpose(0, 1).unsqueeze(2); // [H, K, 1, N]
      Tensor started = weights.mul(far.transpose(1, 2).unsqueeze(1)).flatten(1, 2);
      return Fourier.real(started.matmul(near))
          .mul(2)
          .reshape(step.size(0), c.size(0), strides * stride)
          .narrow(-1, 0, length)
          .transpose(0, 1);
    });
  }

  /** {@code Āᵗ} for each time, {@code [H, N, times]}. */
  private static Tensor powers(Discrete discrete, Tensor times) {
    return discrete.logA().unsqueeze(-1).mul(times).exp();
  }

  @Override
  public LinearRecurrence recurrence() {
    return TensorScope.run(() -> {
      Discrete discrete = discrete();
      return new DiagonalRecurrence(discrete.a(), discrete.b(), c.alias());
    });
  }
}
