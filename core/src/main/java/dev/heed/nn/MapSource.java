package dev.heed.nn;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/** Tensors at hand as a source. */
record MapSource(Map<String, Tensor> tensors) implements WeightSource {
  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public Shape shape(String name) {
    return find(name).shape();
  }

  @Override
  public DType dtype(String name) {
    return find(name).dtype();
  }

  @Override
  public Tensor read(String name) {
    return find(name).detach();
  }

  private Tensor find(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor named " + name + " among " + tensors.keySet());
    }
    return tensor;
  }
}
