package dev.heed.nn;

import dev.heed.tensor.Tensor;

/** A learned factor for each element, {@code y = λ ⊙ x} (Touvron et al. 2021, CaiT). */
public final class LayerScale extends Module implements Norm {
  private final Tensor factor;

  /**
   * With one parameter {@code [size]}.
   *
   * @param name of the parameter, below the path
   * @param start its first value
   */
  public LayerScale(Weights weights, String name, long size, double start) {
    super(weights);
    this.factor =
        weights.parameter(name, (shape, type, random) -> Tensor.ones(shape, type).mul(start), size);
  }

  /** Scales {@code [..., size]}. */
  @Override
  public Tensor apply(Tensor x) {
    return x.mul(factor);
  }
}
