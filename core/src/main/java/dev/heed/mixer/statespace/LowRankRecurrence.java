package dev.heed.mixer.statespace;

import dev.heed.tensor.Fourier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Steps of a system that is diagonal plus low rank, over one half of each conjugate pair: {@code x'
 * = E x − U (Q x) + B̄ u}, which takes O(N) instead of the O(N²) of a full matrix.
 *
 * @param kept complex E, {@code [H, N]}
 * @param b complex B̄, {@code [H, N]}
 * @param c complex {@code [K, H, N]}
 * @param out complex U, {@code [H, rank, N]}
 * @param read complex Q, {@code [H, rank, N]}
 */
record LowRankRecurrence(Tensor kept, Tensor b, Tensor c, Tensor out, Tensor read)
    implements LinearRecurrence {
  @Override
  public Tensor start(long... leading) {
    return Tensor.zeros(DiagonalRecurrence.sizes(leading, b), b.dtype());
  }

  @Override
  public Step step(Tensor state, Tensor u) {
    return TensorScope.run(() -> {
      // Over whole pairs Q x is real: twice the real part over one half.
      Tensor seen = Fourier.real(read.mul(state.unsqueeze(-2)).sum(-1, true)).mul(2);
      Tensor given = out.mul(seen).sum(-2, false); // […, H, N]
      Tensor next = kept.mul(state).sub(given).add(b.mul(u.unsqueeze(-1)));
      return new Step(Fourier.real(c.mul(next.unsqueeze(-3)).sum(-1, false)).mul(2), next);
    });
  }
}
