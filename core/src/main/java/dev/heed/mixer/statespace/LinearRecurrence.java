package dev.heed.mixer.statespace;

import dev.heed.tensor.Tensor;

/**
 * A discrete linear system taken one token at a time: {@code x' = Ā x + B̄ u, y = C x'}.
 *
 * <p>The matrices are computed once; a step costs the same however long the past is.
 */
public interface LinearRecurrence {
  /**
   * What one token gives.
   *
   * @param output real {@code […, K, H]}, for K outputs of each of H channels
   * @param state what the next step takes
   */
  record Step(Tensor output, Tensor state) {}

  /** The state before the first token: zeros {@code [leading…, H, N]}. */
  Tensor start(long... leading);

  /**
   * Takes one token.
   *
   * @param state from {@link #start} or the step before
   * @param u real {@code […, H]}
   */
  Step step(Tensor state, Tensor u);
}
