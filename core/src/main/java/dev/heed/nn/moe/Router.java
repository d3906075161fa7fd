package dev.heed.nn.moe;

import dev.heed.tensor.Tensor;

/** Chooses the experts of each token. */
@FunctionalInterface
public interface Router {
  /**
   * Where tokens go.
   *
   * @param experts i64 {@code [N, k]}, in {@code [0, E)}
   * @param weights {@code [N, k]}, of each chosen expert
   * @param logits {@code [N, E]}, before any softmax or sigmoid
   */
  record Routing(Tensor experts, Tensor weights, Tensor logits) {}

  /**
   * Chooses.
   *
   * @param x {@code [N, H]}
   */
  Routing route(Tensor x);

  /** Half precision as f32: nearly equal experts must not be confused by rounding. */
  static Tensor wide(Tensor x) {
    return x.widened();
  }
}
