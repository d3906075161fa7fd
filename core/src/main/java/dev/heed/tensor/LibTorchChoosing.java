package dev.heed.tensor;

import java.util.List;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Picking and joining, by LibTorch. */
interface LibTorchChoosing extends ChoosingOperators {
  @Override
  default Tensor indexSelect(Tensor x, int dim, Tensor indices) {
    return Native.op("indexSelect", x, indices, (h, i) -> h.index_select(dim, i));
  }

  @Override
  default Tensor gather(Tensor x, int dim, Tensor indices) {
    return Native.op("gather", x, indices, (h, i) -> h.gather(dim, i));
  }

  @Override
  default Tensor scatter(Tensor x, int dim, Tensor indices, Tensor values) {
    return Native.op("scatter", x, indices, values, (h, i, v) -> h.scatter(dim, i, v));
  }

  @Override
  default Tensor scatterAdd(Tensor x, int dim, Tensor indices, Tensor values) {
    return Native.op("scatterAdd", x, indices, values, (h, i, v) -> h.scatter_add(dim, i, v));
  }

  @Override
  default Tensor indexAdd(Tensor x, int dim, Tensor indices, Tensor slices) {
    return Native.op("indexAdd", x, indices, slices, (h, i, s) -> h.index_add(dim, i, s));
  }

  @Override
  default Tensor nonzero(Tensor x) {
    return Native.op("nonzero", x, torch::nonzero);
  }

  @Override
  default Tensor embedding(Tensor table, Tensor indices, long padding) {
    return Native.op(
        "embedding", table, indices, (t, i) -> torch.embedding(t, i, padding, false, false));
  }

  @Override
  default Tensor cat(List<Tensor> tensors, int dim) {
    return Native.call(
        "cat",
        () -> {
          try (TensorVector vector = Conversions.vector(tensors)) {
            return torch.cat(vector, dim);
          }
        },
        tensors.toArray(Tensor[]::new));
  }

  @Override
  default Tensor stack(List<Tensor> tensors, int dim) {
    return Native.call(
        "stack",
        () -> {
          try (TensorVector vector = Conversions.vector(tensors)) {
            return torch.stack(vector, dim);
          }
        },
        tensors.toArray(Tensor[]::new));
  }
}
