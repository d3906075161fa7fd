package dev.heed.tensor;

import java.util.List;

/** How an {@link Engine} picks elements by index and joins tensors. */
interface ChoosingOperators {
  Tensor indexSelect(Tensor x, int dim, Tensor indices);

  Tensor gather(Tensor x, int dim, Tensor indices);

  Tensor scatter(Tensor x, int dim, Tensor indices, Tensor values);

  Tensor scatterAdd(Tensor x, int dim, Tensor indices, Tensor values);

  Tensor indexAdd(Tensor x, int dim, Tensor indices, Tensor slices);

  Tensor nonzero(Tensor x);

  Tensor embedding(Tensor table, Tensor indices, long padding);

  Tensor cat(List<Tensor> tensors, int dim);

  Tensor stack(List<Tensor> tensors, int dim);
}
