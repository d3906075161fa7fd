package dev.heed.model.forecast;

import dev.heed.nn.Conv1d;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/** A convolution of three steps over a series whose ends meet. */
public final class CircularConvolution extends Module {
  private static final int KERNEL = 3;

  private final Conv1d convolution;

  /** With {@code weight [out, in, 3]} and perhaps {@code bias [out]}. */
  public CircularConvolution(Weights weights, long in, long out, boolean withBias) {
    super(weights);
    convolution = new Conv1d(weights, in, out, KERNEL, Geometry.PLAIN, withBias);
  }

  /** Maps {@code [B, in, T]} to {@code [B, out, T]}. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(() ->
        convolution.apply(
            Tensor.cat(List.of(x.narrow(2, x.size(2) - 1, 1), x, x.narrow(2, 0, 1)), 2)));
  }
}
