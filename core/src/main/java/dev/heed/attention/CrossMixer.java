package dev.heed.attention;

import dev.heed.tensor.Tensor;

/** Reads another sequence: attention to an encoder's output, or a peer of it. */
public interface CrossMixer {
  /**
   * Reads a sequence that stays the same while this one grows.
   *
   * @param x {@code [B, Tq, size]}
   * @param memory {@code [B, Tk, size]}
   * @param request whose mask has Tk keys
   * @return {@code [B, Tq, size]}, owned by the current scope, with weights if they are asked for
   */
  AttentionOutput cross(Tensor x, Tensor memory, AttentionRequest request);
}
