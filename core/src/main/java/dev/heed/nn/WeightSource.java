package dev.heed.nn;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Named tensors to build modules from: a checkpoint file, or tensors at hand. */
public interface WeightSource {
  /** The names of all tensors, in the source's order. */
  Set<String> names();

  /**
   * The shape of one tensor, without reading it.
   *
   * @throws IllegalArgumentException if there is no such name
   */
  Shape shape(String name);

  /** The element type of one tensor, without reading it. */
  DType dtype(String name);

  /**
   * How much memory one tensor takes once it is read.
   *
   * @param taken what it is converted to
   */
  default long memory(String name, DType taken) {
    return Math.multiplyExact(shape(name).elements(), taken.bytes());
  }

  /** Reads one tensor into the current scope; it may share the source's memory. */
  Tensor read(String name);

  /** A source of tensors at hand, which stay the caller's. */
  static WeightSource of(Map<String, Tensor> tensors) {
    return new MapSource(Map.copyOf(tensors));
  }

  /** This source with other names; a new name must not come twice. */
  default WeightSource renamed(UnaryOperator<String> newName) {
    Map<String, String> oldNames = new LinkedHashMap<>();
    for (String name : names()) {
      String clash = oldNames.put(newName.apply(name), name);
      if (clash != null) {
        throw new IllegalArgumentException(
            "renaming gives " + clash + " and " + name + " the same name: " + newName.apply(name));
      }
    }
    return new RenamedSource(this, oldNames);
  }
}
