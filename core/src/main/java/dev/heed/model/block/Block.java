package dev.heed.model.block;

import dev.heed.attention.MixerSwap;
import dev.heed.tensor.Tensor;

/** A part of a layer: from the states to the states. */
public sealed interface Block permits Residual, Branch {
  /**
   * What the block makes of its input: residual sum and norms included.
   *
   * @param x {@code [B, T, H]}
   * @return {@code [B, T', H]}, owned by the current scope
   */
  Tensor apply(Tensor x, LayerCall call);

  /**
   * The same parameters around other mixers.
   *
   * @param number of the layer, from 0
   */
  Block withMixer(int number, MixerSwap swap);
}
