package dev.heed.model;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder leaves for a decoder to attend to.
 *
 * @param states {@code [B, Tk, H]}
 * @param keep truth values {@code [B, Tk]}, false at padding; null where there is none
 */
public record Memory(Tensor states, @Nullable Tensor keep) {
  /** Which of the states may be seen, or null for all. */
  public @Nullable AttentionMask mask() {
    return keep == null ? null : AttentionMask.padding(keep);
  }
}
