package dev.heed.attention.statespace;

import dev.heed.tensor.Fourier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Steps of a system with a full matrix, over whole conjugate pairs.
 *
 * @param a {@code [H, N, N]}
 * @param b {@code [H, N]}
 * @param c {@code [K, H, N]}
 */
record DenseRecurrence(Tensor a, Tensor b, Tensor c) implements LinearRecurrence {
  @Override
  public Tensor start(long... leading) {
    return Tensor.zeros(DiagonalRecurrence.sizes(leading, b), b.dtype());
  }

  @Override
  public Step step(Tensor state, Tensor u) {
    return TensorScope.run(() -> {
      Tensor kept = a.matmul(state.unsqueeze(-1)).squeeze(-1);
      Tensor next = kept.add(b.mul(u.unsqueeze(-1)));
      return new Step(Fourier.real(c.mul(next.unsqueeze(-3)).sum(-1, false)), next);
    });
  }
}
