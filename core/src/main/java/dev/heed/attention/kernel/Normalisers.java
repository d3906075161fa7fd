package dev.heed.attention.kernel;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;

/**
 * What turns the scores of each row into weights: {@code 2^((score - greatest) · toPowers -
 * logSum)}, {@code logSum} being the logarithm to base 2 of the sum of the powers.
 *
 * <p>Two numbers and not their sum, the log-sum-exp: beside a greatest score of ten thousand, let
 * alone of 1e30, a float has no room for the logarithm of the sum.
 *
 * @param rows {@code [B, H, Tq, 2]}, the greatest score in units of a tile's, then the logarithm
 */
record Normalisers(Operand rows) {
  private static final double LOG2_E = 1 / Math.log(2);

  /** Room for those of queries {@code [B, H, Tq, D]}, owned by the current scope. */
  static Tensor roomFor(Tensor queries, AttentionSpec spec) {
    double scale = spec.scaleFor((int) queries.size(3));
    boolean floats = Problem.byVectors(ElementFormat.of(queries.dtype()), scale);
    Shape shape = Shape.of(queries.size(0), queries.size(1), queries.size(2), 2);
    return Tensor.empty(shape, floats ? DType.F32 : DType.F64);
  }

  static Normalisers of(Tensor tensor) {
    return new Normalisers(Operands.of(tensor));
  }

  /**
   * Writes those of one row; where the sum is nothing, such that every weight is zero.
   *
   * @param sum of {@code 2^((score - greatest) · toPowers)}
   */
  void set(int batch, int head, int row, double greatest, double sum) {
    boolean nothing = sum == 0;
    rows.set(batch, head, row, 0, nothing ? Double.POSITIVE_INFINITY : greatest);
    rows.set(batch, head, row, 1, nothing ? 0 : Math.log(sum) * LOG2_E);
  }

  /** The greatest score; positive infinity for a row of nothing. */
  double greatest(int batch, int head, int row) {
    return rows.get(batch, head, row, 0);
  }

  /** The logarithm to base 2 of the sum of powers. */
  double logSum(int batch, int head, int row) {
    return rows.get(batch, head, row, 1);
  }

  /** Copies those of neighbouring rows. */
  void load(int batch, int head, int first, int count, float[] greatest, float[] logSum) {
    for (int i = 0; i < count; i++) {
      greatest[i] = (float) greatest(batch, head, first + i);
      logSum[i] = (float) logSum(batch, head, first + i);
    }
  }
}
