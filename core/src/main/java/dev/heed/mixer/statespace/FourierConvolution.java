package dev.heed.mixer.statespace;

import dev.heed.tensor.Fourier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Convolutions as long as the sequence, in O(L log L) by Fourier transform. */
final class FourierConvolution {
  private FourierConvolution() {}

  /**
   * {@code y[t] = Σⱼ k[j] u[t − j]}: no output depends on a later input.
   *
   * @param u real {@code […, L]}
   * @param kernel real {@code […, L]}; leading sizes broadcast
   */
  static Tensor causal(Tensor u, Tensor kernel) {
    return circular(u, kernel);
  }

  /**
   * {@code y[t] = Σⱼ k₀[j] u[t − j] + Σⱼ k₁[j] u[t + 1 + j]}: the backward kernel begins at the
   * next token, so that the present one counts once.
   */
  static Tensor bidirectional(Tensor u, Tensor forward, Tensor backward) {
    return TensorScope.run(() -> {
      long length = u.size(-1);
      Tensor both = forward.pad(0, 0, length).add(backward.flip(-1).pad(0, length, 0));
      return circular(u, both);
    });
  }

  /** Twice the length leaves room, so that nothing wraps around to the front. */
  private static Tensor circular(Tensor u, Tensor kernel) {
    return TensorScope.run(() -> {
      long length = u.size(-1);
      long room = 2 * length;
      Tensor spectrum = Fourier.rfft(u.widened(), room).mul(Fourier.rfft(kernel.widened(), room));
      return Fourier.irfft(spectrum, room).narrow(-1, 0, length).to(u.dtype());
    });
  }
}
