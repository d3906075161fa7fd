package dev.heed.attention;

import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Mixes along a sequence by a state of fixed size that each token replaces: what it remembers does
 * not grow, and it has no attention weights.
 */
@FunctionalInterface
public interface StatefulMixer {
  /**
   * The last part of the trace point at which a mixer that amounts to a map gives it where it is
   * wanted: {@code [B, heads, T, T]}, what the output takes from each value. Derived, and no
   * softmax.
   */
  String EFFECTIVE_MAP = "effective_map";

  /**
   * Mixes the next tokens.
   *
   * @param x {@code [B, T, size]}, T from 1
   * @param keep truth values {@code [B, T]}, false at padding, which adds nothing; null for none
   * @param request whose state it reads and replaces, and whose trace says whether it trains
   * @return {@code [B, T, size]}, owned by the current scope
   */
  Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request);

  /**
   * The same beside what a reference shows in the place of attention weights, where it shows
   * something else there.
   */
  default AttentionOutput mix(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return AttentionOutput.of(apply(x, keep, request));
  }
}
