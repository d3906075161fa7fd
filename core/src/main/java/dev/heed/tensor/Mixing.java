package dev.heed.tensor;

import org.jspecify.annotations.Nullable;

/** Products of matrices, and what layers are made of: softmax, normalisation, tables, dropout. */
sealed interface Mixing permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Matrix product over the last two dimensions; the others broadcast. */
  default Tensor matmul(Tensor other) {
    return self().engine().matmul(self(), other);
  }

  /**
   * {@code x · weightᵀ + bias}.
   *
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}, or null for none
   */
  default Tensor linear(Tensor weight, @Nullable Tensor bias) {
    return self().engine().linear(self(), weight, bias);
  }

  /** {@code exp(x) / Σ exp(x)} along a dimension. */
  default Tensor softmax(int dim) {
    return self().engine().softmax(self(), dim);
  }

  /**
   * {@link #softmax} over the allowed elements only; a row that has none gives zeros.
   *
   * @param allowed bool, broadcasts to this shape; {@code true} takes part
   */
  default Tensor maskedSoftmax(Tensor allowed, int dim) {
    return TensorScope.run(() -> {
      Tensor hidden = allowed.not();
      Tensor visible = ((Tensor) this).maskedFill(hidden, Double.NEGATIVE_INFINITY);
      return visible.softmax(dim).maskedFill(hidden, 0);
    });
  }

  /** The logarithm of {@link #softmax}, computed safely. */
  default Tensor logSoftmax(int dim) {
    return self().engine().logSoftmax(self(), dim);
  }

  /** {@code log Σ exp(x)} along a dimension, computed safely. */
  default Tensor logSumExp(int dim, boolean keep) {
    return self().engine().logSumExp(self(), dim, keep);
  }

  /**
   * Draws indices in proportion to the elements of each row.
   *
   * @param replacement whether an index may come twice
   * @return i64 {@code [rows, draws]}
   */
  default Tensor multinomial(Generator generator, long draws, boolean replacement) {
    return generator.source().multinomial(self(), draws, replacement);
  }

  /**
   * Sets elements to 0 with probability {@code p} and divides the others by {@code 1 - p}.
   *
   * @param p in [0, 1)
   */
  default Tensor dropout(double p, Generator generator) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout: expected a probability in [0, 1), got " + p);
    }
    if (p == 0) {
      return (Tensor) this;
    }
    return TensorScope.run(() -> {
      Tensor x = (Tensor) this;
      Tensor kept = generator.source().bernoulli(x.detach(), 1 - p);
      return x.mul(kept.div(1 - p));
    });
  }

  /**
   * Each vector along the last dimension with mean 0 and variance 1, then scaled and moved.
   *
   * @param gain {@code [size]}, or null for none
   * @param bias {@code [size]}, or null for none
   * @param epsilon added to the variance
   */
  default Tensor layerNorm(@Nullable Tensor gain, @Nullable Tensor bias, double epsilon) {
    return self().engine().layerNorm(self(), gain, bias, epsilon);
  }

  /**
   * Rows of this table for each index.
   *
   * @param indices i64 or i32, any shape, each in [0, rows)
   * @param padding a row that gets no gradient, or -1 for none
   * @return the shape of the indices with one more dimension
   */
  default Tensor embedding(Tensor indices, long padding) {
    return self().engine().embedding(self(), indices, padding);
  }
}
