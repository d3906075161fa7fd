package dev.heed.model.detection;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/** Maps with a rectifier between them, {@code layers.0} and on. */
public final class BoxHead extends Module {
  private final List<Linear> maps = new ArrayList<>();

  /** Three maps of one size but for the last. */
  public BoxHead(Weights weights, long size, long out) {
    super(weights);
    maps.add(Linear.of(weights.child("layers", 0), size, size));
    maps.add(Linear.of(weights.child("layers", 1), size, size));
    maps.add(Linear.of(weights.child("layers", 2), size, out));
  }

  /** Maps {@code [..., size]} to {@code [..., out]}. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(
        () -> maps.get(2).apply(maps.get(1).apply(maps.get(0).apply(x).relu()).relu()));
  }
}
