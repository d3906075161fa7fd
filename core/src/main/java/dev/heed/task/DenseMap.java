package dev.heed.task;

import dev.heed.nn.Activation;
import dev.heed.nn.Linear;
import dev.heed.tensor.Tensor;

/**
 * A map of pooled vectors, {@code f(W·x + b)}: sentence-transformers' {@code Dense}.
 *
 * @param map W and b
 * @param activation f
 */
record DenseMap(Linear map, Activation activation) {
  Tensor apply(Tensor pooled) {
    return map.apply(pooled, activation);
  }
}
