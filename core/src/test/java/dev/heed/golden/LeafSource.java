package dev.heed.golden;

import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Gives modules the recorded leaves themselves, so that gradients arrive at them. */
record LeafSource(Map<String, Tensor> tensors, List<Tensor> given) implements WeightSource {
  LeafSource(Map<String, Tensor> tensors) {
    this(tensors, new ArrayList<>());
  }

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
    Tensor alias = find(name).alias();
    given.add(alias);
    return alias;
  }

  void close() {
    given.forEach(Tensor::close);
  }

  private Tensor find(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
