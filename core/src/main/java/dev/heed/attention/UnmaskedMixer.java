package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;

/**
 * A mixer without masks: what a token sees follows from its construction, for example a state that
 * carries the past.
 *
 * <p>It can stand where self-attention stands. It has no attention weights, and refuses a request
 * for masks or score changes that it could not honour.
 */
public interface UnmaskedMixer extends SequenceMixer {
  /** Mixes whole sequences {@code [B, T, size]}, all tokens at once. */
  Tensor apply(Tensor x);

  /** The tokens that each token sees; by default itself and those before it. */
  default AttentionMask sees() {
    return AttentionMask.causal();
  }

  /**
   * As {@link #apply(Tensor)}, without weights.
   *
   * @throws IllegalArgumentException if the request has a mask that {@link #sees} does not honour,
   *     a score modifier or a cache
   */
  @Override
  default AttentionOutput apply(Tensor x, AttentionRequest request) {
    boolean causal = AttentionMask.causal().equals(sees());
    new RequestLimits(getClass().getSimpleName(), causal, false).check(x, request);
    return AttentionOutput.of(request.visit("output", apply(x)));
  }
}
