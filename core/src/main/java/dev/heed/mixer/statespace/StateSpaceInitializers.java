package dev.heed.mixer.statespace;

import dev.heed.nn.Initializer;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;

/** How the parameters of state spaces start. */
final class StateSpaceInitializers {
  private static final double SHORTEST = 0.001;
  private static final double LONGEST = 0.1;

  /** {@code log Δ} uniform between the logarithms of 0.001 and 0.1. */
  static final Initializer LOG_STEP =
      (shape, dtype, generator) ->
          Tensor.rand(generator, shape, dtype)
              .mul(Math.log(LONGEST / SHORTEST))
              .add(Math.log(SHORTEST));

  /** The bias whose softplus is {@code exp} of {@link #LOG_STEP}. */
  static final Initializer STEP_BIAS =
      (shape, dtype, generator) -> {
        Tensor dt = LOG_STEP.make(shape, dtype, generator).exp();
        return dt.add(dt.neg().exp().neg().add(1).log());
      };

  /** Complex normal numbers of variance 1, as pairs in the last dimension. */
  static final Initializer COMPLEX_NORMAL = Initializer.normal(Math.sqrt(0.5));

  /** The complex number 1, as pairs in the last dimension. */
  static final Initializer COMPLEX_ONE =
      (shape, dtype, generator) -> Tensor.of(new double[] {1, 0}).to(dtype).expand(shape.toArray());

  /** {@code log ½}: every real part of S4D-Lin is −½ (Gu et al. 2022, equation 9). */
  static final Initializer LOG_HALF =
      (shape, dtype, generator) -> Tensor.full(shape, Math.log(0.5), dtype);

  /** {@code π n}: the imaginary parts of S4D-Lin. */
  static final Initializer FREQUENCIES =
      (shape, dtype, generator) ->
          Tensor.arange(shape.size(-1), DType.F64).mul(Math.PI).to(dtype).expand(shape.toArray());

  private StateSpaceInitializers() {}
}
