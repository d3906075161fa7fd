package dev.heed.tensor;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** Picks, replaces and cuts out elements. */
sealed interface Selection permits Tensor {
  /** One slice along a dimension, which disappears; shares memory. */
  default Tensor select(int dim, long index) {
    return Native.op("select", this, x -> x.select(dim, index));
  }

  /** The slices {@code [start, start + length)} along a dimension; shares memory. */
  default Tensor narrow(int dim, long start, long length) {
    return Native.op("narrow", this, x -> x.narrow(dim, start, length));
  }

  /** Every {@code step}-th slice of {@code [from, to)} along a dimension; shares memory. */
  default Tensor slice(int dim, long from, long to, long step) {
    return Native.op(
        "slice", this, x -> x.slice(dim, new LongOptional(from), new LongOptional(to), step));
  }

  /**
   * The slices at these places along a dimension.
   *
   * @param indices i64 or i32, one dimension
   */
  default Tensor indexSelect(int dim, Tensor indices) {
    return Native.op("indexSelect", this, indices, (x, y) -> x.index_select(dim, y));
  }

  /**
   * One element for each index: {@code out[i][j] = this[i][index[i][j]]} for {@code dim} 1.
   *
   * @param indices i64, of this rank
   */
  default Tensor gather(int dim, Tensor indices) {
    return Native.op("gather", this, indices, (x, y) -> x.gather(dim, y));
  }

  /** A copy in which the elements at the indices are replaced; the opposite of {@link #gather}. */
  default Tensor scatter(int dim, Tensor indices, Tensor values) {
    return Native.op("scatter", this, indices, values, (x, y, z) -> x.scatter(dim, y, z));
  }

  /** A copy in which values are added at the indices; the opposite of {@link #gather}. */
  default Tensor scatterAdd(int dim, Tensor indices, Tensor values) {
    return Native.op("scatterAdd", this, indices, values, (x, y, z) -> x.scatter_add(dim, y, z));
  }

  /** A copy in which slices are added at these places along a dimension. */
  default Tensor indexAdd(int dim, Tensor indices, Tensor slices) {
    return Native.op("indexAdd", this, indices, slices, (x, y, z) -> x.index_add(dim, y, z));
  }

  /** A copy in which elements under a true mask become one value; the mask broadcasts. */
  default Tensor maskedFill(Tensor mask, double value) {
    return Native.op(
        "maskedFill", this, value, (x, scalar) -> x.masked_fill(mask.handle(), scalar));
  }

  /** The coordinates of the elements that are not zero: i64 {@code [count, rank]}. */
  default Tensor nonzero() {
    return Native.op("nonzero", this, x -> torch.nonzero(x));
  }

  /** Cuts along a dimension into pieces of these sizes; shares memory. */
  default List<Tensor> split(int dim, long... sizes) {
    return Native.many("split", this, x -> x.split(sizes, dim));
  }

  /**
   * Cuts along a dimension into pieces of one length, the last one shorter if it must be. Its
   * gradient costs one copy of the whole, where that of a {@link #narrow} for each piece would cost
   * one for each.
   */
  default List<Tensor> pieces(long length, int dim) {
    return Native.many("pieces", this, x -> x.split(length, dim));
  }

  /** Cuts along a dimension into so many pieces, the last one smaller if it must be. */
  default List<Tensor> chunk(int pieces, int dim) {
    return Native.many("chunk", this, x -> x.chunk(pieces, dim));
  }

  /** Windows of {@code size} slices, {@code step} apart, as a new last dimension; shares memory. */
  default Tensor unfold(int dim, long size, long step) {
    return Native.op("unfold", this, x -> x.unfold(dim, size, step));
  }

  /** The elements {@code [i, i + offset]} of two dimensions, as a new last one; shares memory. */
  default Tensor diagonal(int offset, int dim1, int dim2) {
    return Native.op("diagonal", this, x -> x.diagonal(offset, dim1, dim2));
  }

  /** Zero above the {@code diagonal}-th diagonal of the last two dimensions. */
  default Tensor tril(int diagonal) {
    return Native.op("tril", this, x -> torch.tril(x, diagonal));
  }

  /** Zero below the {@code diagonal}-th diagonal of the last two dimensions. */
  default Tensor triu(int diagonal) {
    return Native.op("triu", this, x -> torch.triu(x, diagonal));
  }
}
