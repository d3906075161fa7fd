package dev.heed.model.head;

import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Whether an architecture has BERT's pooler: {@code tanh(W · first token + b)} (Devlin et al. 2019,
 * appendix A.4).
 */
public enum Pooler {
  /** It has none; a file's pooler is left unread. */
  NONE,
  /** It has one if the file does. */
  IF_STORED,
  /** It has one. */
  REQUIRED;

  /**
   * The pooler at a path, or null for none.
   *
   * @param weights of its linear map {@code [H, H]}
   */
  public @Nullable Norm at(Weights weights, long size) {
    if (this == NONE || (this == IF_STORED && !weights.has("weight"))) {
      weights.ignoreBelow("");
      return null;
    }
    return new OfFirst(Linear.of(weights, size, size));
  }

  /**
   * The pooler.
   *
   * @param dense W and b
   */
  public record OfFirst(Linear dense) implements Norm {
    @Override
    public Tensor apply(Tensor x) {
      return dense.apply(x.select(1, 0)).tanh();
    }
  }
}
