package dev.heed.attention.position;

import dev.heed.nn.Embedding;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** A trained vector for each position (Gehring et al. 2017, section 3.1); knows no others. */
public final class LearnedPositions extends Module {
  private final Embedding table;

  /**
   * A table {@code weight [count, size]}.
   *
   * @param padding a row that gets no gradient, or -1 for none
   */
  public LearnedPositions(Weights weights, long count, long size, long padding) {
    super(weights);
    this.table = new Embedding(weights, count, size, padding);
  }

  /** The vectors of given positions i64 {@code [...]}: {@code [..., size]}. */
  public Tensor at(Tensor positions) {
    return table.apply(positions);
  }

  /**
   * {@code x + table[offset … offset + T - 1]}.
   *
   * @param x {@code [B, T, size]}
   * @param offset the position of the first element, from 0
   * @throws ShapeException if the table is too short
   */
  public Tensor add(Tensor x, long offset) {
    long end = offset + x.size(1);
    long count = table.weight().size(0);
    if (offset < 0 || end > count) {
      throw new ShapeException(
          "learned positions: expected positions below "
              + count
              + ", got "
              + offset
              + " to "
              + (end - 1)
              + "; shorten the input or use positions that extrapolate");
    }
    return TensorScope.run(() -> x.add(at(Tensor.arange(x.size(1), DType.I64).add(offset))));
  }
}
