package dev.heed.train.optim;

import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/**
 * What a {@link TensorRule} keeps beside one parameter.
 *
 * @param tensors by the names of the rule's slots
 */
public record Slots(Map<String, Tensor> tensors) {
  /** The slot of this name, to be changed in place. */
  public Tensor get(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
