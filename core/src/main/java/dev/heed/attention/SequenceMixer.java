package dev.heed.attention;

import dev.heed.tensor.Tensor;

/**
 * Mixes information along a sequence: self-attention, or a peer of it such as a state space layer,
 * a recurrent network or a convolution, so that a layer can swap one for another.
 */
@FunctionalInterface
public interface SequenceMixer {
  /**
   * What each token becomes when it may take from the others.
   *
   * @param x {@code [B, T, size]}
   * @param request mask and whether weights are wanted; a mixer that has no meaning for one refuses
   *     it
   * @return output {@code [B, T, size]}, owned by the current scope
   */
  AttentionOutput apply(Tensor x, AttentionRequest request);
}
