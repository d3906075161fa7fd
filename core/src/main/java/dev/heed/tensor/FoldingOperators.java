package dev.heed.tensor;

/** How an {@link Engine} folds a dimension into one value, or orders it. */
interface FoldingOperators {
  /** What becomes of the elements of a dimension. */
  enum Fold {
    SUM("sum"),
    MEAN("mean"),
    MAX("max"),
    MIN("min"),
    ALL("all"),
    ANY("any"),
    NORM("norm");

    /** What messages call it. */
    final String label;

    Fold(String label) {
      this.label = label;
    }
  }

  /** Of all elements; not {@link Fold#NORM}. */
  Tensor fold(Fold op, Tensor x);

  Tensor fold(Fold op, Tensor x, int dim, boolean keep);

  Tensor var(Tensor x, int dim, boolean unbiased, boolean keep);

  /** The largest or smallest, and where it stands. */
  Tensor.Ranked extreme(Tensor x, boolean largest, int dim, boolean keep);

  Tensor argmax(Tensor x, int dim, boolean keep);

  Tensor.Ranked topk(Tensor x, long k, int dim);

  Tensor.Ranked sort(Tensor x, int dim, boolean descending);

  Tensor cumsum(Tensor x, int dim);

  Tensor cumprod(Tensor x, int dim);
}
