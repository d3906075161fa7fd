package dev.heed.model;

import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model gives, under the field's names: {@code logits}, {@code loss}, {@code
 * last_hidden_state}, {@code pooler_output}, and, when asked for, the series {@code
 * hidden_states.0}, {@code attentions.0} … (with {@code encoder_}, {@code decoder_} or {@code
 * cross_} before them in an encoder-decoder).
 *
 * @param values by name, in the order in which they were computed; owned by the scope of the call
 */
public record ModelOutput(Map<String, Tensor> values) {
  /** The value of this name, or null. */
  public @Nullable Tensor get(String name) {
    return values.get(name);
  }

  /**
   * The value of this name.
   *
   * @throws IllegalArgumentException if the model does not give it
   */
  public Tensor require(String name) {
    Tensor value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "model output: expected one of " + values.keySet() + ", got " + name);
    }
    return value;
  }

  /** Scores of the vocabulary or the classes. */
  public Tensor logits() {
    return require("logits");
  }

  /** The loss of the labels that were given. */
  public Tensor loss() {
    return require("loss");
  }

  /** The last layer's states. */
  public Tensor lastHiddenState() {
    return require("last_hidden_state");
  }

  /** The values {@code name.0}, {@code name.1}, … in order. */
  public List<Tensor> series(String name) {
    List<Tensor> found = new ArrayList<>();
    for (int i = 0; values.containsKey(name + "." + i); i++) {
      found.add(require(name + "." + i));
    }
    return found;
  }
}
