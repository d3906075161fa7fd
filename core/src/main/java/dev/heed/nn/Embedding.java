package dev.heed.nn;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** A table of vectors: {@code y[i] = W[x[i]]}. */
public final class Embedding extends Module {
  private final Tensor weight;
  private final long padding;
  private volatile @Nullable Tensor virtual;

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
    Tensor more = virtual;
    return more == null ? weight.embedding(indices, padding) : apply(indices, more);
  }

  private Tensor apply(Tensor indices, Tensor more) {
    return TensorScope.run(() -> {
      // An index beyond the table stays one.
      Tensor own = weight.embedding(indices.clamp(0, weight.size(0)), padding);
      Tensor other = more.embedding(indices.neg().sub(1).clamp(0, more.size(0) - 1), -1);
      return Tensor.where(indices.lt(0).unsqueeze(-1), other, own);
    });
  }

  /**
   * Lends the table more rows, from now on: index -1 is the first of them, -2 the second.
   *
   * @param rows {@code [P, size]}, which stay the caller's; null for none
   * @throws dev.heed.tensor.ShapeException for rows of another size
   */
  public void lend(@Nullable Tensor rows) {
    if (rows != null && (rows.rank() != 2 || rows.size(1) != weight.size(1))) {
      throw new ShapeException(
          "embedding: expected rows of " + weight.size(1) + ", got " + rows.describe());
    }
    virtual = rows;
  }

  /** {@code [rows, size]}. */
  public Tensor weight() {
    return weight;
  }
}
