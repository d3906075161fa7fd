package dev.heed.mixer.statespace;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A state space that remembers the last N inputs: its matrix shifts the state by one place.
 *
 * <p>{@code K[l] = Σₘ C[l + m] B[m]} for {@code l < N}, zero beyond (Fu et al. 2022, "Hungry Hungry
 * Hippos", section 3.1).
 */
public final class ShiftKernel extends Module implements StateSpaceKernel {
  private final Tensor b;
  private final Tensor c;

  /**
   * Parameters {@code B [H, N]}, which starts as the first unit vector, and {@code C [1, H, N]}.
   */
  public ShiftKernel(Weights weights, long channels, long state) {
    super(weights);
    Initializer unit =
        (shape, dtype, generator) ->
            Tensor.eye(state, dtype).narrow(0, 0, 1).expand(shape.toArray());
    b = weights.parameter("B", unit, channels, state);
    c = weights.parameter("C", Initializer.normal(1), 1, channels, state);
  }

  @Override
  public Tensor kernel(long length) {
    return TensorScope.run(() -> {
      long state = b.size(-1);
      Tensor spectrum =
          Fourier.conjugate(Fourier.rfft(b.widened(), 2 * state))
              .mul(Fourier.rfft(c.widened(), 2 * state));
      Tensor taps = Fourier.irfft(spectrum, 2 * state).narrow(-1, 0, Math.min(state, length));
      return taps.pad(0, 0, length - taps.size(-1));
    });
  }

  @Override
  public LinearRecurrence recurrence() {
    return new Shift(b.widened(), c.widened());
  }

  private record Shift(Tensor b, Tensor c) implements LinearRecurrence {
    @Override
    public Tensor start(long... leading) {
      return Tensor.zeros(DiagonalRecurrence.sizes(leading, b), b.dtype());
    }

    @Override
    public Step step(Tensor state, Tensor u) {
      return TensorScope.run(() -> {
        Tensor shifted = state.narrow(-1, 0, b.size(-1) - 1).pad(0, 1, 0);
        Tensor next = shifted.add(b.mul(u.unsqueeze(-1)));
        return new Step(c.mul(next.unsqueeze(-3)).sum(-1, false), next);
      });
    }
  }
}
