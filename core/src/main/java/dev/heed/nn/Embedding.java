package dev.heed.nn;

import dev.heed.tensor.Tensor;

/** A table of vectors: {@code y[i] = W[x[i]]}. */
public final class Embedding extends Module {
  private final Tensor weight;
  private final long padding;

  /**
   * A table {@code weight [rows, size]}.
   *
   * @param padding a row that gets no gradient, or -1 for none
   */
  public Embedding(Weights weights, long rows, long size, long padding) {
    super(weights);
    this.weight = weights.parameter("weight", Initializer.normal(0.02), rows, size);
    this.padding = padding;
  }

  /** Rows for indices of any shape {@code [...]} as {@code [..., size]}. */
  public Tensor apply(Tensor indices) {
    return weight.embedding(indices, padding);
  }

  /** {@code [rows, size]}. */
  public Tensor weight() {
    return weight;
  }
}
