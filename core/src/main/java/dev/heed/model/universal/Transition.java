package dev.heed.model.universal;

import dev.heed.model.universal.UniversalConfig.Variant;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Two convolutions over time with a ReLU between, and in the PyTorch variant one after them. */
final class Transition extends Module {
  private final Conv1d widen;
  private final Conv1d narrow;
  private final Variant variant;

  Transition(Weights weights, UniversalConfig config) {
    super(weights);
    Geometry same = new Geometry(1, config.kernel() / 2, 1, 1);
    long size = config.size();
    long filter = config.filter();
    this.variant = config.variant();
    this.widen =
        new Conv1d(weights.child("layers.0.conv"), size, filter, config.kernel(), same, true);
    this.narrow =
        new Conv1d(weights.child("layers.1.conv"), filter, size, config.kernel(), same, true);
  }

  /** {@code [B, T, size]} to the same. */
  Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor narrowed = narrow.apply(widen.apply(x.transpose(1, 2)).relu());
      return (variant == Variant.PYTORCH ? narrowed.relu() : narrowed).transpose(1, 2);
    });
  }
}
