package dev.heed.mixer.statespace;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/** {@code a · σ(b)} for the halves a and b of a dimension (Dauphin et al. 2017). */
final class GatedLinearUnit {
  private GatedLinearUnit() {}

  static Tensor apply(Tensor x, int dim) {
    return TensorScope.run(() -> {
      List<Tensor> halves = x.chunk(2, dim);
      return halves.get(0).mul(halves.get(1).sigmoid());
    });
  }
}
