package dev.heed.mixer.statespace;

import dev.heed.tensor.DType;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * State spaces with a matrix that is diagonal plus low rank, {@code Λ − P P*}, discretised by the
 * bilinear rule.
 *
 * <p>One half of each conjugate pair is held. Gu et al. 2022, "Efficiently Modeling Long Sequences
 * with Structured State Spaces", section 3 and appendix C.
 *
 * @param a complex Λ, {@code [H, N]}, real parts negative
 * @param b complex {@code [H, N]}
 * @param p complex {@code [rank, H, N]}
 * @param step Δ, real {@code [H]}, positive
 */
record DplrSystem(Tensor a, Tensor b, Tensor p, Tensor step) {

  /** The discrete system over whole pairs: Ā {@code [H, 2N, 2N]} and B̄ {@code [H, 2N]}. */
  record Discrete(Tensor a, Tensor b) {}

  /** {@code Ā = (1 − ΔM/2)⁻¹ (1 + ΔM/2), B̄ = (1 − ΔM/2)⁻¹ Δ B} for {@code M = Λ − P P*}. */
  Discrete discrete() {
    return TensorScope.run(() -> {
      Tensor pairs = pairs(p);
      Tensor one = Tensor.eye(pairs.size(-1), step.dtype());
      Tensor lowRank = Tensor.einsum("rhi,rhj->hij", pairs, Fourier.conjugate(pairs));
      Tensor matrix = pairs(a).unsqueeze(-1).mul(one).sub(lowRank);
      Tensor dt = step.unsqueeze(-1);
      Tensor half = matrix.mul(dt.unsqueeze(-1)).mul(0.5);
      Tensor before = one.sub(half);
      Tensor input = pairs(b).mul(dt).unsqueeze(-1);
      return new Discrete(
          LinearAlgebra.solve(before, one.add(half)),
          LinearAlgebra.solve(before, input).squeeze(-1));
    });
  }

  /**
   * The same system one token at a time, at O(N) a token: {@code Ā x = E x − U (Q x)} with {@code D
   * = (1 − ΔΛ/2)⁻¹, E = D (1 + ΔΛ/2), U = D P}, and by Woodbury's identity {@code Q = Δ/2 (P* + (1
   * + Δ/2 P* U)⁻¹ (P* E − Δ/2 P* U P*))} (appendix C.3).
   *
   * @param c complex {@code [K, H, N]}
   */
  LinearRecurrence recurrence(Tensor c) {
    return TensorScope.run(() -> {
      Tensor half = step.mul(0.5).unsqueeze(-1);
      Tensor inverse = a.mul(half).neg().add(1).reciprocal();
      Tensor kept = inverse.mul(a.mul(half).add(1));
      Tensor out = inverse.mul(p).transpose(0, 1); // [H, rank, N]
      Tensor in = Fourier.conjugate(p).transpose(0, 1);
      // Over whole pairs P* U is real: twice the real part over one half.
      Tensor met = Fourier.real(in.matmul(out.transpose(1, 2))).mul(2).mul(half.unsqueeze(-1));
      Tensor one = Tensor.eye(p.size(0), step.dtype());
      Tensor rest = in.mul(kept.unsqueeze(1)).sub(met.to(a.dtype()).matmul(in));
      Tensor solved = LinearAlgebra.solve(met.add(one).to(a.dtype()), rest);
      Tensor read = in.add(solved).mul(half.unsqueeze(-1));
      Tensor input = discrete().b().narrow(-1, 0, a.size(-1));
      return new LowRankRecurrence(kept, input, c.alias(), out, read);
    });
  }

  /**
   * The kernel of a length that is built into {@code c = C (1 − Āᴸ)}.
   *
   * <p>Its spectrum at {@code ω = exp(−2πi k / L)} is the truncated generating function (section
   * 3.2): {@code 2/(1+ω) · C (z − Δ(Λ − P P*))⁻¹ Δ B} with {@code z = 2(1−ω)/(1+ω)}, four Cauchy
   * products and a Woodbury correction. Here {@code 1+ω} is multiplied into the Cauchy
   * denominators, so that ω = −1, a node of every even length, is a number like the others.
   *
   * @param c complex {@code [K, H, N]}
   * @return real {@code [K, H, length]}
   */
  Tensor kernel(Tensor c, long length) {
    return TensorScope.run(() -> {
      Tensor angles = Tensor.arange(length / 2 + 1, DType.F64).mul(-2 * Math.PI / length);
      Tensor omega = Fourier.complex(angles.cos(), angles.sin());
      Tensor plus = omega.add(1).to(a.dtype());
      Tensor minus = omega.neg().add(1).to(a.dtype());
      Tensor spectrum = spectrum(cauchy(c, plus, minus), plus.mul(0.5).unsqueeze(-1).unsqueeze(-1));
      return Fourier.irfft(spectrum.permute(2, 0, 1), length);
    });
  }

  /**
   * {@code 2/(1+ω) Δ Σₙ bₙ cₙ / (z − Δ aₙ)} for each input of (B, P) and output of (C, P*).
   *
   * @return {@code [H, nodes, 1 + rank, K + rank]}
   */
  private Tensor cauchy(Tensor c, Tensor plus, Tensor minus) {
    Tensor inputs = Tensor.cat(List.of(b.unsqueeze(0), p), 0);
    Tensor outputs = Tensor.cat(List.of(c, Fourier.conjugate(p)), 0);
    Tensor products = inputs.unsqueeze(1).mul(outputs); // [1 + rank, K + rank, H, N]
    Tensor numerators = pairs(products).flatten(0, 1).transpose(0, 1);
    Tensor dt = step.unsqueeze(-1);
    Tensor poles = pairs(a).mul(dt).unsqueeze(-1).mul(plus);
    Tensor sums = numerators.matmul(minus.mul(2).sub(poles).reciprocal());
    return sums.mul(dt.unsqueeze(-1))
        .mul(2)
        .unflatten(1, inputs.size(0), outputs.size(0))
        .permute(0, 3, 1, 2);
  }

  /**
   * {@code r_BC − r_BP (1 + r_PP)⁻¹ r_PC}.
   *
   * @param half {@code (1+ω)/2}, which takes the factor that {@link #cauchy} has put in out again
   * @return {@code [H, nodes, K]}
   */
  private Tensor spectrum(Tensor sums, Tensor half) {
    long rank = p.size(0);
    long outputs = sums.size(-1) - rank;
    Tensor fromB = sums.narrow(-2, 0, 1);
    Tensor fromP = sums.narrow(-2, 1, rank).mul(half);
    Tensor toC = fromP.narrow(-1, 0, outputs);
    Tensor toP = fromP.narrow(-1, outputs, rank);
    Tensor corrected =
        rank == 1
            ? toC.div(toP.add(1))
            : LinearAlgebra.solve(toP.add(Tensor.eye(rank, step.dtype())), toC);
    Tensor correction = fromB.narrow(-1, outputs, rank).matmul(corrected);
    return fromB.narrow(-1, 0, outputs).sub(correction).squeeze(-2);
  }

  /** Both halves of each conjugate pair, along the last dimension. */
  static Tensor pairs(Tensor half) {
    return TensorScope.run(() -> Tensor.cat(List.of(half, Fourier.conjugate(half)), -1));
  }
}
