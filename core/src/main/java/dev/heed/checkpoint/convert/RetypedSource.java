package dev.heed.checkpoint.convert;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.Set;

/** A source with its floating-point tensors in another type; others stay as they are. */
record RetypedSource(WeightSource source, DType type) implements WeightSource {
  private static final double LARGEST_HALF = 65_504;

  @Override
  public Set<String> names() {
    return source.names();
  }

  @Override
  public Shape shape(String name) {
    return source.shape(name);
  }

  @Override
  public DType dtype(String name) {
    return source.dtype(name).isFloating() ? type : source.dtype(name);
  }

  @Override
  public Tensor read(String name) {
    Tensor tensor = source.read(name);
    if (!tensor.dtype().isFloating() || tensor.dtype() == type) {
      return tensor;
    }
    if (type == DType.F16 && tensor.elements() > 0) {
      double largest = tensor.to(DType.F32).abs().max().item();
      if (largest > LARGEST_HALF) {
        throw new CheckpointException(
            Kind.VALUE,
            "tensor " + Quoted.of(name),
            "numbers within ±65504, which F16 can hold",
            largest + "",
            "Write it as BF16 or F32.");
      }
    }
    return tensor.to(type);
  }
}
