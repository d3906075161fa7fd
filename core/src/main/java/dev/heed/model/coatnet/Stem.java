package dev.heed.model.coatnet;

import dev.heed.nn.BatchNorm;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** A block of the first stage: a 3×3 convolution, batch normalisation, GELU. */
final class Stem extends Module implements CoAtNetBlock {
  private final Conv2d convolution;
  private final BatchNorm norm;

  Stem(Weights weights, long in, long out, boolean downsample) {
    super(weights);
    Geometry geometry = new Geometry(downsample ? 2 : 1, 1, 1, 1);
    this.convolution = new Conv2d(weights.child("0"), in, out, 3, geometry, false);
    this.norm = new BatchNorm(weights.child("1"), out);
  }

  @Override
  public Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> norm.apply(convolution.apply(x), trace).gelu(false));
  }
}
