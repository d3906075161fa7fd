package dev.heed.mixer.statespace;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A learned state space whose matrix is diagonal plus low rank: {@code Λ = −exp(A_real) − i A_imag,
 * Δ = exp(inv_dt)}.
 *
 * <p>Gu et al. 2022, "S4", section 3; parameters are named as in the authors' repository. A trained
 * checkpoint holds {@code C (1 − Āᴸ)} instead of C and L in the buffer {@code l_kernel}; with 0
 * there, as after initialising, it holds C itself. Any length may be asked for in both cases.
 */
public final class S4Kernel extends Module implements StateSpaceKernel {
  /** The Fourier measure has undamped frequencies, whose logarithm would be infinite. */
  private static final double SLOWEST_DECAY = 1e-4;

  private final StateSpaceConfig config;
  private final Tensor logReal;
  private final Tensor imaginary;
  private final Tensor b;
  private final Tensor c;
  private final Tensor p;
  private final Tensor logStep;
  private final Tensor builtIn;

  /** A kernel that starts as this HiPPO measure, with its rank. */
  public S4Kernel(Weights weights, StateSpaceConfig config, Hippo measure) {
    super(weights);
    this.config = config;
    long half = config.state() / 2;
    long systems = config.systems();
    long rank = measure.rank();
    Initializer real =
        start(
            measure,
            start ->
                Fourier.real(start.values())
                    .neg()
                    .clamp(SLOWEST_DECAY, Double.POSITIVE_INFINITY)
                    .log());
    Initializer imaginaryStart = start(measure, start -> Fourier.imaginary(start.values()).neg());
    logReal = weights.parameter("A_real", real, systems, half);
    imaginary = weights.parameter("A_imag", imaginaryStart, systems, half);
    b =
        weights.parameter(
            "B", start(measure, start -> Fourier.viewAsReal(start.b())), 1, systems, half, 2);
    p =
        weights.parameter(
            "P",
            start(measure, start -> Fourier.viewAsReal(start.p()).unsqueeze(1)),
            rank,
            systems,
            half,
            2);
    c =
        weights.parameter(
            "C",
            StateSpaceInitializers.COMPLEX_NORMAL,
            config.outputs(),
            config.channels(),
            half,
            2);
    logStep = weights.parameter("inv_dt", StateSpaceInitializers.LOG_STEP, config.channels(), 1);
    builtIn = weights.buffer("l_kernel", Initializer.ZEROS);
  }

  private interface Part {
    Tensor of(Hippo.Diagonalised start);
  }

  private Initializer start(Hippo measure, Part part) {
    return (shape, dtype, generator) ->
        part.of(measure.diagonalised(Math.toIntExact(config.state())))
            .to(dtype)
            .expand(shape.toArray());
  }

  private DplrSystem system() {
    return TensorScope.run(() -> {
      long copies = config.copies();
      Tensor a = Fourier.complex(logReal.widened().exp().neg(), imaginary.widened().neg());
      return new DplrSystem(
          a.repeat(copies, 1),
          Fourier.viewAsComplex(b.widened()).squeeze(0).repeat(copies, 1),
          Fourier.viewAsComplex(p.widened()).repeat(1, copies, 1),
          logStep.widened().squeeze(-1).exp());
    });
  }

  @Override
  public Tensor kernel(long length) {
    return TensorScope.run(() -> {
      DplrSystem system = system();
      Tensor output = Fourier.viewAsComplex(c.widened());
      long built = builtIn.itemLong();
      if (built == 0) {
        built = length;
        output = joined(output, system.discrete().a(), length, false);
      } else if (length > built) {
        Tensor a = system.discrete().a();
        for (; built < length; built *= 2) {
          output = joined(output, a, built, true);
        }
      }
      return system.kernel(output, built).narrow(-1, 0, length);
    });
  }

  /**
   * The outputs that a trained checkpoint of this length holds: {@code C (1 − Āᴸ)} of a C as it
   * stands in the parameter.
   *
   * @return complex {@code [K, H, N / 2]}
   */
  public Tensor truncatedOutput(long length) {
    return TensorScope.run(
        () -> joined(Fourier.viewAsComplex(c.widened()), system().discrete().a(), length, false));
  }

  /** {@code C (1 − Āᴸ)}, or {@code C (1 + Āᴸ)}, which makes of the length L the length 2L. */
  private static Tensor joined(Tensor output, Tensor a, long length, boolean doubling) {
    return TensorScope.run(() -> {
      Tensor pairs = DplrSystem.pairs(output);
      Tensor later = pairs.transpose(0, 1).matmul(power(a, length)).transpose(0, 1);
      Tensor both = doubling ? pairs.add(later) : pairs.sub(later);
      return both.narrow(-1, 0, output.size(-1));
    });
  }

  /** By repeated squaring. */
  private static Tensor power(Tensor matrix, long exponent) {
    return TensorScope.run(() -> {
      Tensor square = matrix;
      Tensor product = null;
      for (long rest = exponent; rest > 0; rest >>= 1) {
        if ((rest & 1) == 1) {
          product = product == null ? square : product.matmul(square);
        }
        square = rest > 1 ? square.matmul(square) : square;
      }
      return product == null ? matrix : product.alias();
    });
  }

  @Override
  public LinearRecurrence recurrence() {
    return TensorScope.run(() -> {
      DplrSystem system = system();
      Tensor output = Fourier.viewAsComplex(c.widened());
      long built = builtIn.itemLong();
      return system.recurrence(built > 0 ? whole(output, system.discrete().a(), built) : output);
    });
  }

  /** C of {@code C (1 − Āᴸ)}. */
  private Tensor whole(Tensor output, Tensor a, long length) {
    Tensor one = Tensor.eye(a.size(-1), logStep.dtype().ofSums());
    Tensor truncation = one.sub(power(a, length)).transpose(-2, -1);
    return LinearAlgebra.solve(truncation, DplrSystem.pairs(output).permute(1, 2, 0))
        .permute(2, 0, 1)
        .narrow(-1, 0, output.size(-1));
  }
}
