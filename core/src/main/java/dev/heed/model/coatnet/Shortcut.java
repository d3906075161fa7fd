package dev.heed.model.coatnet;

import dev.heed.nn.Conv2d;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;

/** The residual path of a block that halves height and width: largest of 3 by 3, then a 1×1 map. */
final class Shortcut extends Module {
  private final Conv2d projection;

  Shortcut(Weights block, long in, long out) {
    super(block);
    this.projection = new Conv2d(block.child("proj"), in, out, 1, Geometry.PLAIN, false);
  }

  static Tensor pool(Tensor x) {
    return Convolution.maxPool2d(x, 3, 2, 1);
  }

  Tensor project(Tensor pooled) {
    return projection.apply(pooled);
  }
}
