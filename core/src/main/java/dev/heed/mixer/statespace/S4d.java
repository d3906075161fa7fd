package dev.heed.mixer.statespace;

import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * The S4D layer: {@code y = GLU(W gelu(K * u + D u))} with diagonal state spaces, {@code A =
 * −exp(log_A_real) + i A_imag, B = 1, Δ = exp(log_dt)}, held at zero order.
 *
 * <p>Gu et al. 2022, "On the Parameterization and Initialization of Diagonal State Space Models",
 * listing 1; parameters are named as in the authors' repository.
 */
public final class S4d extends Module implements UnmaskedMixer, StepwiseMixer {
  private final Tensor logReal;
  private final Tensor imaginary;
  private final Tensor c;
  private final Tensor logStep;
  private final Tensor skip;
  private final Conv1d output;

  /**
   * A layer that starts as S4D-Lin.
   *
   * @param channels H, size of the embeddings
   * @param state N, even
   * @throws IllegalArgumentException for weights in bf16, whose 8 digits of a step's logarithm move
   *     the step by more than 1 %: after some hundred tokens its fast oscillations are others
   */
  public S4d(Weights weights, long channels, long state) {
    super(weights);
    long half = StateSpaceConfig.of(channels, state).state() / 2;
    Weights kernel = weights.child("kernel");
    logReal = kernel.parameter("log_A_real", StateSpaceInitializers.LOG_HALF, channels, half);
    imaginary = kernel.parameter("A_imag", StateSpaceInitializers.FREQUENCIES, channels, half);
    c = kernel.parameter("C", StateSpaceInitializers.COMPLEX_NORMAL, channels, half, 2);
    logStep = kernel.parameter("log_dt", StateSpaceInitializers.LOG_STEP, channels);
    if (logStep.dtype() == DType.BF16) {
      throw new IllegalArgumentException(
          "S4D: expected weights in f16, f32 or f64, got bf16, which is too coarse for the"
              + " logarithm of a step; load or initialise it in f32");
    }
    skip = weights.parameter("D", Initializer.normal(1), channels);
    Weights linear = weights.child("output_linear.0");
    output = new Conv1d(linear, channels, 2 * channels, 1, Geometry.PLAIN, true);
  }

  private DiagonalSystem system() {
    return TensorScope.run(() -> {
      Tensor a = Fourier.complex(logReal.widened().exp().neg(), imaginary.widened());
      Tensor one = Tensor.ones(a.shape(), a.dtype());
      Tensor outputs = Fourier.viewAsComplex(c.widened()).unsqueeze(0);
      return new DiagonalSystem(
          a, one, outputs, logStep.widened().exp(), Discretisation.ZERO_ORDER_HOLD);
    });
  }

  /** The kernels {@code [H, length]}. */
  public Tensor kernel(long length) {
    return TensorScope.run(() -> system().kernel(length).squeeze(0));
  }

  /** Mixes whole sequences {@code [B, L, H]}, all tokens at once. */
  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor u = x.transpose(1, 2); // [B, H, L]
      return finish(FourierConvolution.causal(u, kernel(u.size(-1))), u).transpose(1, 2);
    });
  }

  @Override
  public StepwiseForm<Tensor> stepwise() {
    return new ChannelwiseForm(TensorScope.run(() -> system().recurrence()), this::finishOne);
  }

  /** Of {@code y [B, 1, H]} and {@code x [B, H]}. */
  private Tensor finishOne(Tensor y, Tensor x) {
    return TensorScope.run(() -> finish(y.transpose(-2, -1), x.unsqueeze(-1)).squeeze(-1));
  }

  private Tensor finish(Tensor y, Tensor u) {
    Tensor mixed = output.apply(y.add(u.mul(skip.unsqueeze(-1))).gelu(false));
    return GatedLinearUnit.apply(mixed, 1);
  }
}
