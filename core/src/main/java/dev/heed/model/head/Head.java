package dev.heed.model.head;

import dev.heed.model.Run;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Turns a model's last states into what it is asked for. */
@FunctionalInterface
public interface Head {
  /** The states themselves. */
  Head NONE = (run, hidden, pooled) -> {};

  /**
   * Puts scores, and a loss if there are labels, into the run.
   *
   * @param hidden the last layer's states {@code [B, T, H]}
   * @param pooled one state a sequence {@code [B, H]}, or null where the model has none
   */
  void apply(Run run, Tensor hidden, @Nullable Tensor pooled);

  /** Whether it reads the pooled state, or without one the first token's, and no other. */
  default boolean readsOneState() {
    return false;
  }

  /** The same on transformed states. */
  default Head after(Norm transform) {
    return (run, hidden, pooled) -> apply(run, transform.apply(hidden), pooled);
  }
}
