package dev.heed.attention.statespace;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;

/**
 * A mixer whose state carries the past: what a token sees follows from its construction.
 *
 * <p>It can stand where self-attention stands. It has no attention weights, and refuses a request
 * for masks or score changes that it could not honour.
 */
public interface StateSpaceMixer extends SequenceMixer {
  /** Mixes whole sequences {@code [B, T, size]}, all tokens at once. */
  Tensor apply(Tensor x);

  /** The tokens that each token sees; by default itself and those before it. */
  default AttentionMask sees() {
    return AttentionMask.causal();
  }

  /**
   * As {@link #apply(Tensor)}, without weights.
   *
   * @throws IllegalArgumentException if the request has a mask other than {@link #sees}, a score
   *     modifier or a cache
   */
  @Override
  default AttentionOutput apply(Tensor x, AttentionRequest request) {
    AttentionMask mask = request.mask();
    if (mask != null && !mask.equals(sees())) {
      throw new IllegalArgumentException(
          "%s: expected no mask or %s, got %s; a state space sees what its construction lets it"
              .formatted(getClass().getSimpleName(), sees(), mask));
    }
    if (request.modifier() != null || request.cache() != null) {
      throw new IllegalArgumentException(
          "%s: expected neither score modifier nor key cache, since there are no scores and keys;"
                  .formatted(getClass().getSimpleName())
              + " go token by token with the recurrent form");
    }
    return AttentionOutput.of(request.visit("output", apply(x)));
  }
}
