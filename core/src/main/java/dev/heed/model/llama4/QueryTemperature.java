package dev.heed.model.llama4;

import dev.heed.attention.HeadChange;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Sharpens attention far into a text: queries are multiplied by {@code ln(1 + ⌊(t + 1) / floor⌋) ·
 * scale + 1}, t being a query's place in the text (Nakanishi 2025, Scalable-Softmax).
 *
 * @param floor how many tokens have the same factor, above 0
 * @param scale of its growth
 */
record QueryTemperature(double floor, double scale) implements HeadChange {
  @Override
  public Tensor queries(Tensor q, Places places) {
    return TensorScope.run(() -> {
      Tensor place = Tensor.arange(q.size(2), DType.F64).add(places.past() + 1);
      Tensor factor = place.div(floor).floor().log1p().mul(scale).add(1);
      return q.mul(factor.to(q.dtype()).unsqueeze(-1));
    });
  }

  @Override
  public Tensor keys(Tensor k, Places places) {
    return k;
  }
}
