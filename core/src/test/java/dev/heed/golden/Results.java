package dev.heed.golden;

import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a case computed, under the recording's names. */
public final class Results {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * Adds {@code output.name}.
   *
   * @return this
   */
  public Results output(String name, Tensor tensor) {
    return put("output." + name, tensor);
  }

  /**
   * Adds {@code weights.name}: attention weights after the softmax.
   *
   * @return this
   */
  public Results weights(String name, Tensor tensor) {
    return put("weights." + name, tensor);
  }

  /**
   * Adds {@code extra.name}: an intermediate result.
   *
   * @return this
   */
  public Results extra(String name, Tensor tensor) {
    return put("extra." + name, tensor);
  }

  private Results put(String key, Tensor tensor) {
    if (tensors.put(key, tensor) != null) {
      throw new IllegalArgumentException("the case gives " + key + " twice");
    }
    return this;
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }
}
