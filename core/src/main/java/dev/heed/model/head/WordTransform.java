package dev.heed.model.head;

import dev.heed.nn.Activation;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;

/**
 * What a masked-word head does to states before it scores words: {@code norm(f(W · x + b))} (Devlin
 * et al. 2019, in its code).
 *
 * @param dense {@code [E, H]}, where E is the size of word vectors
 * @param activation f
 * @param norm of {@code [..., E]}
 */
public record WordTransform(Linear dense, Activation activation, Norm norm) implements Norm {
  @Override
  public Tensor apply(Tensor x) {
    return norm.apply(dense.apply(x, activation));
  }
}
