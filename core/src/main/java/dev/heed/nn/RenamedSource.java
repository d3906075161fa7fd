package dev.heed.nn;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/** A source under other names. */
record RenamedSource(WeightSource source, Map<String, String> oldNames) implements WeightSource {
  @Override
  public Set<String> names() {
    return oldNames.keySet();
  }

  @Override
  public Shape shape(String name) {
    return source.shape(old(name));
  }

  @Override
  public DType dtype(String name) {
    return source.dtype(old(name));
  }

  @Override
  public Tensor read(String name) {
    return source.read(old(name));
  }

  private String old(String name) {
    String old = oldNames.get(name);
    if (old == null) {
      throw new IllegalArgumentException("no tensor named " + name + " among " + names());
    }
    return old;
  }
}
