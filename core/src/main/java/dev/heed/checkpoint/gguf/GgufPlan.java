package dev.heed.checkpoint.gguf;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A GGUF file that is not written yet, as far as its config needs it.
 *
 * @param describe where the model comes from, for messages
 * @param values its metadata
 * @param shapes of its tensors
 * @param factors tensors of rotary frequencies' divisors
 */
record GgufPlan(
    String describe, GgufMetadata values, Map<String, Shape> shapes, Map<String, float[]> factors)
    implements GgufContents {
  @Override
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>(shapes.keySet());
    names.addAll(factors.keySet());
    return names;
  }

  @Override
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no tensor named " + name + " among " + names());
    }
    return shape;
  }

  @Override
  public DType dtype(String name) {
    return DType.F32;
  }

  @Override
  public Tensor read(String name) {
    float[] values = Objects.requireNonNull(factors.get(name), name);
    return Tensor.of(values, values.length);
  }

  @Override
  public boolean outputIsTied() {
    return false;
  }
}
