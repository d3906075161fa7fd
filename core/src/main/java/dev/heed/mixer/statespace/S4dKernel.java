package dev.heed.mixer.statespace;

import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A learned diagonal state space: {@code A = −exp(A_real) − i A_imag, Δ = exp(inv_dt)}.
 *
 * <p>Gu et al. 2022, "S4D"; parameters are named as in the authors' repository. A and B may be
 * shared: of {@code systems} copies channel h uses copy {@code h mod systems}.
 */
public final class S4dKernel extends Module implements StateSpaceKernel {
  private final StateSpaceConfig config;
  private final Discretisation discretisation;
  private final Tensor logReal;
  private final Tensor imaginary;
  private final Tensor b;
  private final Tensor c;
  private final Tensor logStep;

  /** A kernel of these sizes; it starts as S4D-Lin. */
  public S4dKernel(Weights weights, StateSpaceConfig config, Discretisation discretisation) {
    super(weights);
    this.config = config;
    this.discretisation = discretisation;
    long half = config.state() / 2;
    long systems = config.systems();
    logReal = weights.parameter("A_real", StateSpaceInitializers.LOG_HALF, systems, half);
    imaginary = weights.parameter("A_imag", StateSpaceInitializers.FREQUENCIES, systems, half);
    b = weights.parameter("B", StateSpaceInitializers.COMPLEX_ONE, 1, systems, half, 2);
    c =
        weights.parameter(
            "C",
            StateSpaceInitializers.COMPLEX_NORMAL,
            config.outputs(),
            config.channels(),
            half,
            2);
    logStep = weights.parameter("inv_dt", StateSpaceInitializers.LOG_STEP, config.channels(), 1);
  }

  private DiagonalSystem system() {
    return TensorScope.run(() -> {
      long copies = config.copies();
      Tensor a = Fourier.complex(logReal.widened().exp().neg(), imaginary.widened().neg());
      return new DiagonalSystem(
          a.repeat(copies, 1),
          Fourier.viewAsComplex(b.widened()).squeeze(0).repeat(copies, 1),
          Fourier.viewAsComplex(c.widened()),
          logStep.widened().squeeze(-1).exp(),
          discretisation);
    });
  }

  @Override
  public Tensor kernel(long length) {
    return TensorScope.run(() -> system().kernel(length));
  }

  @Override
  public LinearRecurrence recurrence() {
    return TensorScope.run(() -> system().recurrence());
  }
}
