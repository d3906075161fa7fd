package dev.heed.model.compressive;

import dev.heed.nn.Gru;
import dev.heed.nn.Weights;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Tensor;

/** How a sublayer's result joins the stream. */
@FunctionalInterface
interface Residual {
  /** Joins {@code [B, T, model]} and {@code [B, T, model]}. */
  Tensor join(Tensor stream, Tensor result);

  /**
   * The sum, or one step of a gated recurrent unit whose state is the stream and whose input is the
   * result (Parisotto et al. 2019), with parameters {@code gru.weight_ih_l0}, ….
   */
  static Residual of(Weights weights, long model, boolean gated) {
    if (!gated) {
      return Tensor::add;
    }
    Gru gru = new Gru(weights.child("gru"), model, model, new Layout(1, false));
    return (stream, result) ->
        gru.apply(result.reshape(-1, 1, model), stream.reshape(1, -1, model))
            .hidden()
            .reshape(stream.shape().toArray());
  }
}
