package dev.heed.tensor;

import java.util.List;

/** Picks, replaces and cuts out elements. */
sealed interface Selection permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** One slice along a dimension, which disappears; shares memory. */
  default Tensor select(int dim, long index) {
    return self().engine().select(self(), dim, index);
  }

  /** The slices {@code [start, start + length)} along a dimension; shares memory. */
  default Tensor narrow(int dim, long start, long length) {
    return self().engine().narrow(self(), dim, start, length);
  }

  /** Every {@code step}-th slice of {@code [from, to)} along a dimension; shares memory. */
  default Tensor slice(int dim, long from, long to, long step) {
    return self().engine().slice(self(), dim, from, to, step);
  }

  /**
   * The slices at these places along a dimension.
   *
   * @param indices i64 or i32, one dimension
   */
  default Tensor indexSelect(int dim, Tensor indices) {
    return self().engine().indexSelect(self(), dim, indices);
  }

  /**
   * One element for each index: {@code out[i][j] = this[i][index[i][j]]} for {@code dim} 1.
   *
   * @param indices i64, of this rank
   */
  default Tensor gather(int dim, Tensor indices) {
    return self().engine().gather(self(), dim, indices);
  }

  /** A copy in which the elements at the indices are replaced; the opposite of {@link #gather}. */
  default Tensor scatter(int dim, Tensor indices, Tensor values) {
    return self().engine().scatter(self(), dim, indices, values);
  }

  /** A copy in which values are added at the indices; the opposite of {@link #gather}. */
  default Tensor scatterAdd(int dim, Tensor indices, Tensor values) {
    return self().engine().scatterAdd(self(), dim, indices, values);
  }

  /** A copy in which slices are added at these places along a dimension. */
  default Tensor indexAdd(int dim, Tensor indices, Tensor slices) {
    return self().engine().indexAdd(self(), dim, indices, slices);
  }

  /** A copy in which elements under a true mask become one value; the mask broadcasts. */
  default Tensor maskedFill(Tensor mask, double value) {
    return self().engine().maskedFill(self(), mask, value);
  }

  /** The coordinates of the elements that are not zero: i64 {@code [count, rank]}. */
  default Tensor nonzero() {
    return self().engine().nonzero(self());
  }

  /** Cuts along a dimension into pieces of these sizes; shares memory. */
  default List<Tensor> split(int dim, long... sizes) {
    return self().engine().split(self(), dim, sizes);
  }

  /**
   * Cuts along a dimension into pieces of one length, the last one shorter if it must be. Its
   * gradient costs one copy of the whole, where that of a {@link #narrow} for each piece would cost
   * one for each.
   */
  default List<Tensor> pieces(long length, int dim) {
    return self().engine().pieces(self(), length, dim);
  }

  /** Cuts along a dimension into so many pieces, the last one smaller if it must be. */
  default List<Tensor> chunk(int pieces, int dim) {
    return self().engine().chunk(self(), pieces, dim);
  }

  /** Windows of {@code size} slices, {@code step} apart, as a new last dimension; shares memory. */
  default Tensor unfold(int dim, long size, long step) {
    return self().engine().unfold(self(), dim, size, step);
  }

  /** The elements {@code [i, i + offset]} of two dimensions, as a new last one; shares memory. */
  default Tensor diagonal(int offset, int dim1, int dim2) {
    return self().engine().diagonal(self(), offset, dim1, dim2);
  }

  /** Zero above the {@code diagonal}-th diagonal of the last two dimensions. */
  default Tensor tril(int diagonal) {
    return self().engine().tril(self(), diagonal);
  }

  /** Zero below the {@code diagonal}-th diagonal of the last two dimensions. */
  default Tensor triu(int diagonal) {
    return self().engine().triu(self(), diagonal);
  }
}
